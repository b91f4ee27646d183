import Libvirt
import Testing

struct XMLElementTests {
  @Test func elementsAttributesAndText() throws {
    let root = try XMLElement(
      parsing: """
        <?xml version="1.0"?>
        <!-- by hand -->
        <a x='1' y = "two&quot;&#x41;&#66;">
          before <b/> after
          <c><d>&lt;&amp;&gt;</d></c><c k='&apos;'/><![CDATA[<raw>&]]>
          <!-- a <comment> --><?skip me?>
        </a >

        """)
    #expect(root.name == "a")
    #expect(root.attributes == ["x": "1", "y": "two\"AB"])
    #expect(root.children.map(\.name) == ["b", "c", "c"])
    #expect(root.first("c", "d")?.text == "<&>")
    #expect(root.children(named: "c").last?.attributes == ["k": "'"])
    #expect(root.text.hasPrefix("before  after"))
    #expect(root.text.hasSuffix("<raw>&"))
    #expect(root.first("c", "e") == nil)
  }

  @Test(arguments: [
    "", " ", "text", "<", "<a", "<a>", "<a></b>", "<a", "<a x>", "<a x=1/>", "<a x='1/>", "<a>&unknown;</a>", "<a>&",
    "<a>&#xD800;</a>", "<a>&#4294967296;</a>", "<a/><b/>", "<a/>text", "<!-- ", "<?", "<a><![CDATA[</a>", "<a><!--</a>",
    "</a>", "<>", "<a></a", String(repeating: "<a>", count: 100_000),
  ])
  func whatIsNoDocumentIsAnError(_ text: String) {
    #expect(throws: LibvirtError.self) { try XMLElement(parsing: text) }
  }
}
