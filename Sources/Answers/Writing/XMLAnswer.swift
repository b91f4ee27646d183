internal import Model
internal import Traffic
internal import Wire

/// The XML document of a query, which `Schemas/statistics.xsd` describes.
struct XMLAnswer: AnswerWriter {
  private let query: QueryParameters

  init(_ query: QueryParameters) { self.query = query }

  mutating func begin(_ header: Transhumance_V1_QueryHeader, _ text: inout ByteText) {
    var attributes = [("answer", query.answer.name)]
    switch query.answer {
    case .detail, .mean: break
    case .coefficient(let coefficient): attributes.append(("coefficient", Numeral.plain(coefficient)))
    case .weights(let weights): attributes.append(("weights", weights.map(Numeral.plain).joined(separator: " ")))
    }
    attributes += [
      ("by", query.endpoints.rawValue), ("start", Self.time(header.start)), ("end", Self.time(header.end)),
      ("exact", "\(header.exact)"),
    ]
    if header.rolledUpUntil != 0 { attributes.append(("rolledUpUntil", Self.time(header.rolledUpUntil))) }
    text.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<statistics\(Self.text(attributes))>\n")
    if header.hasApproximated {
      let part = header.approximated
      text.append(
        Self.element(
          "approximated",
          [("start", Self.time(part.start)), ("end", Self.time(part.end)), ("from", Self.time(part.from))]))
    }
    for host in header.missingHosts { text.append(Self.element("missingHost", [("name", host)])) }
    for gap in header.gaps { text.append(Self.element("gap", [("start", Self.time(gap))])) }
  }

  mutating func begin(_ period: Transhumance_V1_PeriodAnswer, _ text: inout ByteText) {
    let seconds = Numeral.plain(Double(period.nanoseconds) / 1e9)
    let attributes = [
      ("start", Self.time(period.start)), ("seconds", seconds), ("complete", "\(period.complete)"),
      ("parts", "\(period.count)"),
    ]
    text.append("<period\(Self.text(attributes))>\n")
    for host in period.missingHosts { text.append(Self.element("missingHost", [("name", host)])) }
  }

  mutating func write(_ rows: AnswerRows, _ text: inout ByteText) {
    let names = rows.endpoints.map { Array(Self.escaped($0).utf8) }
    for row in rows {
      text.append("<pair source=\"")
      text.append(contentsOf: names[row.source])
      text.append("\" destination=\"")
      text.append(contentsOf: names[row.destination])
      text.append(number: row.packets, after: "\" packets=\"")
      text.append(number: row.ipBytes, after: "\" ipBytes=\"")
      text.append(number: row.frameBytes, after: "\" frameBytes=\"")
      text.append(number: row.waits, after: "\" waits=\"")
      if let sent = row.sentPackets { text.append(number: sent, after: "\" sentPackets=\"") }
      text.append(row.bySender ? "\" bySender=\"true\"/>\n" : "\" bySender=\"false\"/>\n")
    }
  }

  mutating func endPeriod(_ text: inout ByteText) { text.append("</period>\n") }

  mutating func end(_ text: inout ByteText) { text.append("</statistics>\n") }

  // MARK: - Text

  private static func time(_ nanoseconds: Int64) -> String { Timestamp(nanoseconds: nanoseconds).description }

  private static func element(_ name: String, _ attributes: [(String, String)]) -> String {
    "<\(name)\(text(attributes))/>\n"
  }

  private static func text(_ attributes: [(String, String)]) -> String {
    attributes.map { " \($0)=\"\(escaped($1))\"" }.joined()
  }

  /// A value of an attribute (XML 1.0, section 2.4); characters that XML can't have become U+FFFD.
  private static func escaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result.append(contentsOf: "&amp;".unicodeScalars)
      case "<": result.append(contentsOf: "&lt;".unicodeScalars)
      case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
      case "\t", "\n", "\r": result.append(contentsOf: "&#\(scalar.value);".unicodeScalars)
      case "\u{0}"..<"\u{20}", "\u{fffe}", "\u{ffff}": result.append("\u{fffd}")
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}
