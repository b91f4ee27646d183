import Drawing
import Model
import Testing

@Suite struct HostileNameTests {
  static let names = [
    "<script>alert(1)</script>", "\"/><rect onload='x'", "]]>", "<!--", "&lt;&amp;", "a\u{0}b", "line\nbreak",
    "\u{202e}desrever", "\\", "\\\"", "\"", "\u{fffe}", "🦆 & 日本", String(repeating: "long", count: 100),
    "]; evil [label=\"", "*/", "//", "#",
  ]

  private let drawing = TrafficDrawing(
    matrix: matrix(names.enumerated().map { ($1, "other", Double($0 + 1)) }), measure: .messages,
    groups: [names.map(Endpoint.name)], title: names.joined(), facts: names)

  /// What may stand for a name: characters that XML forbids, controls, and marks that reorder text are replaced.
  private func shown(_ name: String) -> String {
    String(
      String.UnicodeScalarView(
        name.unicodeScalars.map { "\0\n\u{202e}\u{fffe}".unicodeScalars.contains($0) ? "\u{fffd}" : $0 }))
  }

  @Test func namesStayWordsInSVG() {
    let text = drawing.svg()
    let document = SVGDocument(text)
    #expect(document.isWellFormed)
    let known: Set<String> = ["svg", "title", "desc", "g", "rect", "line", "circle", "text"]
    #expect(Set(document.elements.map(\.name)).isSubset(of: known))
    for element in document.elements {
      for key in element.attributes.keys { #expect(!key.hasPrefix("on") && !key.contains("href") && key != "style") }
    }
    #expect(!text.contains("url("))
    for name in Self.names {
      #expect(document.hints.contains(shown(name)), "\(name.debugDescription)")
    }
  }

  /// By the DOT language's own rule for quoted strings: \" is a quote, any other backslash stands for itself.
  @Test func namesStayIdentifiersInDOT() {
    var strings: [String] = []
    var current: String?
    var isEscaped = false
    for character in drawing.dot() {
      guard var string = current else {
        if character == "\"" { current = "" }
        continue
      }
      if isEscaped {
        string += character == "\"" ? "\"" : "\\\(character)"
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "\"" {
        strings.append(string)
        current = nil
        continue
      } else {
        string.append(character)
      }
      current = string
    }
    #expect(current == nil && !isEscaped)
    for name in Self.names {
      let identifier = shown(name).split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\\\")
      // As a node and as an edge's end.
      #expect(strings.count { $0 == identifier } >= 2, "\(name.debugDescription)")
    }
  }
}
