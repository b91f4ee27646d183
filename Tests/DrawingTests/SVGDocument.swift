import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What an XML parser that isn't ours reads in a drawing: elements in order, with positions on the page.
final class SVGDocument: NSObject, XMLParserDelegate {
  struct Element {
    var name: String
    var attributes: [String: String]
    /// Where its group puts (0, 0).
    var origin: (x: Double, y: Double)
    var text = ""

    func number(_ key: String) -> Double { attributes[key].flatMap(Double.init) ?? .nan }
  }

  private(set) var elements: [Element] = []
  private(set) var isWellFormed = false
  private var open: [Int] = []
  private var origins: [(x: Double, y: Double)] = [(0, 0)]

  init(_ text: String) {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    isWellFormed = parser.parse()
  }

  func named(_ name: String) -> [Element] { elements.filter { $0.name == name } }

  /// What is written on the page.
  var words: [String] { named("text").map(\.text) }

  /// What a pointer shows.
  var hints: [String] { named("title").dropFirst().map(\.text) }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    open.append(elements.count)
    var origin = origins[origins.count - 1]
    if name == "g", let transform = attributes["transform"] {
      let numbers = transform.prefix { $0 != ")" }.drop { $0 != "(" }.dropFirst().split(separator: " ")
      origin.x += numbers.first.flatMap { Double($0) } ?? .nan
      origin.y += numbers.last.flatMap { Double($0) } ?? .nan
    }
    origins.append(origin)
    elements.append(Element(name: name, attributes: attributes, origin: origin))
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    open.removeLast()
    origins.removeLast()
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    if let last = open.last { elements[last].text += string }
  }
}
