internal import Model
internal import Traffic
internal import Wire

/// A traffic matrix that other commands read; of the detail, each row with its period, and rows of a pair add up.
struct CSVAnswer: AnswerWriter {
  private let hasPeriods: Bool
  /// Start and length, before each row.
  private var time = ""
  /// Of how many periods it is made, after each row.
  private var parts = ""

  init(_ query: QueryParameters) { hasPeriods = query.answer == .detail }

  mutating func begin(_ header: Transhumance_V1_QueryHeader, _ text: inout ByteText) {
    let columns = ["source", "destination", "packets", "frame_bytes", "ip_bytes", "waits", "sent_packets", "by_sender"]
    text.append(CSV.row((hasPeriods ? ["start", "seconds"] : []) + columns + (hasPeriods ? ["parts"] : [])))
  }

  mutating func begin(_ period: Transhumance_V1_PeriodAnswer, _ text: inout ByteText) {
    parts = ",\(period.count)"
    time = "\(Timestamp(nanoseconds: period.start)),\(Numeral.plain(Double(period.nanoseconds) / 1e9)),"
  }

  mutating func write(_ rows: AnswerRows, _ text: inout ByteText) {
    let names = rows.endpoints.map { Array(CSV.quoted($0).utf8) }
    for row in rows {
      text.append(time)
      text.append(contentsOf: names[row.source])
      text.append(",")
      text.append(contentsOf: names[row.destination])
      text.append(number: row.packets, after: ",")
      text.append(number: row.frameBytes, after: ",")
      text.append(number: row.ipBytes, after: ",")
      text.append(number: row.waits, after: ",")
      text.append(",")
      if let sent = row.sentPackets { text.append(Numeral.plain(sent)) }
      text.append(row.bySender ? ",true" : ",false")
      text.append(parts)
      text.append("\n")
    }
  }

  mutating func endPeriod(_ text: inout ByteText) { (time, parts) = ("", "") }

  mutating func end(_ text: inout ByteText) {}
}
