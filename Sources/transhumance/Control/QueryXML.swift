import Model
import Wire

/// The XML document of `query`, which `Schemas/statistics.xsd` describes.
struct QueryXML {
  let command: QueryCommand
  let result: QueryResult

  func write() throws {
    let header = result.header
    var attributes = [("answer", command.chosenAnswer.rawValue)]
    if command.chosenAnswer == .weighted {
      attributes.append(
        command.weights.map { ("weights", $0.numbers.map(Text.plain).joined(separator: " ")) }
          ?? ("coefficient", Text.plain(command.request.coefficient)))
    }
    attributes += [
      ("start", Self.time(header.start)), ("end", Self.time(header.end)), ("exact", header.exact ? "true" : "false"),
    ]
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<statistics\(Self.text(attributes))>\n"
    if header.hasApproximated {
      let part = header.approximated
      text += Self.element(
        "approximated",
        [("start", Self.time(part.start)), ("end", Self.time(part.end)), ("from", Self.time(part.from))])
    }
    for host in header.missingHosts { text += Self.element("missingHost", [("name", host)]) }
    for gap in header.gaps { text += Self.element("gap", [("start", Self.time(gap))]) }
    for period in result.periods {
      text += "<period"
      text += Self.text([
        ("start", period.start.description), ("seconds", Text.plain(period.seconds)),
        ("complete", period.isComplete ? "true" : "false"),
      ])
      text += ">\n"
      for host in period.missingHosts { text += Self.element("missingHost", [("name", host)]) }
      try Self.write(period.rows, &text)
      text += "</period>\n"
    }
    try Self.write(result.rows, &text)
    try StandardOutput.write(text + "</statistics>\n")
  }

  private static func write(_ rows: [QueryResult.Row], _ text: inout String) throws {
    for row in rows {
      text += element(
        "pair",
        [
          ("source", row.source), ("destination", row.destination), ("packets", Text.plain(row.packets)),
          ("ipBytes", Text.plain(row.ipBytes)), ("frameBytes", Text.plain(row.frameBytes)),
          ("waits", Text.plain(row.waits)),
        ] + (row.sentPackets.map { [("sentPackets", Text.plain($0))] } ?? [])
          + [("bySender", row.bySender ? "true" : "false")])
      if text.utf8.count > 1 << 18 {
        try StandardOutput.write(text)
        text = ""
      }
    }
  }

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
