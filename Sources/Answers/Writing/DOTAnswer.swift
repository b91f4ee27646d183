internal import Model
internal import Traffic
internal import Wire

/// Directed graphs in the DOT language, one per period, or that of the mean: an edge per direction, with its counts.
struct DOTAnswer: AnswerWriter {
  private let query: QueryParameters

  init(_ query: QueryParameters) { self.query = query }

  mutating func begin(_ header: Transhumance_V1_QueryHeader, _ text: inout ByteText) {
    guard query.answer != .detail else { return }
    let span = "\(Timestamp(nanoseconds: header.start)) to \(Timestamp(nanoseconds: header.end))"
    open("\(query.answer.name), \(span)\(header.exact ? "" : ", not exact")", &text)
  }

  mutating func begin(_ period: Transhumance_V1_PeriodAnswer, _ text: inout ByteText) {
    open("\(Timestamp(nanoseconds: period.start))\(period.remarks)", &text)
  }

  mutating func write(_ rows: AnswerRows, _ text: inout ByteText) {
    let names = rows.endpoints.map(Self.quoted)
    for row in rows {
      text.append("  \(names[row.source]) -> \(names[row.destination]) [label=\"\(Numeral.significant(row.packets))\"")
      text.append(number: row.packets, after: ", packets=")
      text.append(number: row.frameBytes, after: ", frame_bytes=")
      text.append(number: row.ipBytes, after: ", ip_bytes=")
      text.append(number: row.waits, after: ", waits=")
      text.append("];\n")
    }
  }

  mutating func endPeriod(_ text: inout ByteText) { text.append("}\n") }

  mutating func end(_ text: inout ByteText) { if query.answer != .detail { text.append("}\n") } }

  private func open(_ label: String, _ text: inout ByteText) {
    text.append("digraph traffic {\n  graph [label=\(Self.quoted(label)), labelloc=t];\n  node [shape=box];\n")
  }

  /// A string of the DOT language, in which a backslash begins an escape of labels.
  private static func quoted(_ text: String) -> String {
    "\"" + text.onOneLine.replacingScalars { $0 == "\\" || $0 == "\"" ? "\\\($0)" : nil } + "\""
  }
}
