internal import Model
internal import Traffic
internal import Wire

/// Data for gnuplot: a row per direction, a data set (two empty lines between) per period.
///
/// The time is the period's start, of a mean the span's, in seconds since 1970 UTC. `x` and `y` number sources and
/// destinations as they appear, for pictures of the matrix: `plot 'f' using 3:4:5:xtic(10):ytic(11) with image`.
struct GnuplotAnswer: AnswerWriter {
  private static let columns = [
    "time", "seconds", "x", "y", "packets", "frame_bytes", "ip_bytes", "waits", "sent_packets", "source", "destination",
  ]
  private let query: QueryParameters
  private var time = ""
  private var isFirst = true
  /// Of endpoints, from 0.
  private var numbers: [String: Int] = [:]

  init(_ query: QueryParameters) { self.query = query }

  mutating func begin(_ header: Transhumance_V1_QueryHeader, _ text: inout ByteText) {
    text.append(
      "# \(query.answer.name) by \(query.endpoints.rawValue), \(Timestamp(nanoseconds: header.start)) to "
        + "\(Timestamp(nanoseconds: header.end))\(header.exact ? "" : ", not exact")\n")
    text.append("# " + Self.columns.enumerated().map { "\($0.offset + 1):\($0.element)" }.joined(separator: " ") + "\n")
    time = Self.seconds(header.start) + " " + Self.seconds(header.end &- header.start)
  }

  mutating func begin(_ period: Transhumance_V1_PeriodAnswer, _ text: inout ByteText) {
    if !isFirst { text.append("\n\n") }
    isFirst = false
    text.append("# \(Timestamp(nanoseconds: period.start))\(period.remarks)\n")
    time = Self.seconds(period.start) + " " + Self.seconds(period.nanoseconds)
  }

  mutating func write(_ rows: AnswerRows, _ text: inout ByteText) {
    let names = rows.endpoints.map(Self.quoted)
    let places = rows.endpoints.map { number(of: $0) }
    for row in rows {
      text.append(time)
      text.append(" \(places[row.source]) \(places[row.destination])")
      text.append(number: row.packets, after: " ")
      text.append(number: row.frameBytes, after: " ")
      text.append(number: row.ipBytes, after: " ")
      text.append(number: row.waits, after: " ")
      text.append(row.sentPackets.map { " " + Numeral.plain($0) } ?? " NaN")
      text.append(" \(names[row.source]) \(names[row.destination])\n")
    }
  }

  mutating func endPeriod(_ text: inout ByteText) {}

  mutating func end(_ text: inout ByteText) {}

  private mutating func number(of endpoint: String) -> Int {
    if let known = numbers[endpoint] { return known }
    let number = numbers.count
    numbers[endpoint] = number
    return number
  }

  private static func seconds(_ nanoseconds: Int64) -> String {
    let (whole, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    return rest == 0 ? String(whole) : Numeral.plain(Double(nanoseconds) / 1e9)
  }

  /// A string in a data file can't have a quote or a line's end in it.
  private static func quoted(_ name: String) -> String {
    "\"" + name.onOneLine.replacingScalars { $0 == "\"" ? "'" : nil } + "\""
  }
}
