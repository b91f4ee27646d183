/// An element of one of libvirt's documents: enough of XML to read what libvirt writes, no more (no namespaces, no
/// document type).
package struct XMLElement: Hashable, Sendable {
  package var name: String
  package var attributes: [String: String] = [:]
  /// The character data directly inside, without surrounding white space.
  package var text = ""
  package var children: [XMLElement] = []

  package init(name: String) { self.name = name }

  package func children(named name: String) -> [XMLElement] { children.filter { $0.name == name } }

  /// The first child of that name.
  package func first(_ name: String) -> XMLElement? { children.first { $0.name == name } }

  /// The first element down a path of names.
  package func first(_ path: String...) -> XMLElement? {
    var element: XMLElement? = self
    for name in path { element = element?.first(name) }
    return element
  }

  /// Reads a document's root element.
  package init(parsing document: String) throws(LibvirtError) {
    var reader = XMLReader(bytes: Array(document.utf8))
    self = try reader.document()
  }
}
