import Libvirt
import Testing

struct XMLNamespaceTests {
  /// The nearest declaration of a prefix counts, and an empty one takes a default back
  /// (https://www.w3.org/TR/xml-names/#defaulting).
  @Test func ofMetadata() throws {
    let root = try XMLElement(
      parsing: """
        <domain xmlns:a='outer' xmlns:b='b' xmlns='default' xmlns:unused='unused'>
          <metadata xmlns:c='c'>
            <a:x xmlns:a='inner'/><b:x><d:y xmlns:d='deep'/></b:x><c:x/><x/><unknown:x/><none xmlns=''/>
          </metadata>
          <a:x/>
        </domain>
        """)
    #expect(root.metadataNamespaces == ["inner", "b", "c", "default"])
    #expect(try XMLElement(parsing: "<domain><metadata><x/></metadata></domain>").metadataNamespaces.isEmpty)
    #expect(try XMLElement(parsing: "<domain xmlns='x'/>").metadataNamespaces.isEmpty)
  }
}
