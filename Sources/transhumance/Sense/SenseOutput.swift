import Answers
import Model
import Traffic

/// Periods as they are printed one after another.
struct SenseOutput {
  private let format: DocumentFormat
  private var hasHeader = false

  init(_ format: DocumentFormat) {
    self.format = format
  }

  mutating func write(_ report: SensorReport) throws {
    switch format {
    case .table: try writeTable(report)
    case .csv: try writeCSV(report)
    case .json: try writeJSON(report)
    }
  }

  // MARK: - JSON

  private func writeJSON(_ report: SensorReport) throws {
    try StandardOutput.write(JSONLine.text(SenseDocument(report)))
  }

  // MARK: - CSV

  private static let columns = [
    "start", "seconds", "counted", "source", "destination", "packets", "frame_bytes", "ip_bytes", "rounds", "windows",
    "lag", "turns", "matched", "runs", "shares",
  ]

  private mutating func writeCSV(_ report: SensorReport) throws {
    var text = hasHeader ? "" : CSV.row(Self.columns)
    hasHeader = true
    let start = [report.period.start.description, Text.significant(report.period.seconds)]
    for (counted, rows) in [("received", report.received), ("sent", report.sent)] {
      for row in rows.sorted(by: SensorReport.Row.isBefore) {
        let counts = row.counts
        let figures: [any BinaryInteger] = [
          counts.packets, counts.frameBytes, counts.ipBytes, counts.rounds, counts.windows, counts.lag, counts.turns,
          counts.matched, counts.runs, counts.shares,
        ]
        text += CSV.row(
          start + [counted, row.source.description, row.destination.description] + figures.map { "\($0)" })
      }
    }
    try StandardOutput.write(text)
  }

  // MARK: - Table

  private static let headings: [(heading: String, alignment: TextTable.Alignment)] = [
    ("SOURCE", .left), ("DESTINATION", .left), ("PACKETS", .right), ("BYTES", .right), ("WAITS", .right),
    ("COUNTED", .left),
  ]

  private func writeTable(_ report: SensorReport) throws {
    let remarks = remarks(report)
    var text = Terminal.styled(heading(report), .bold) + "\n"
    for line in remarks { text += Terminal.styled(line, .yellow) + "\n" }
    let rows = SenseRow.all(of: report)
    let size = Terminal.outputIsTerminal ? Terminal.size : nil
    // Those with most; on a terminal a line is left after the last one.
    let lines = size.map { max(6, $0.rows - remarks.count - 2) } ?? 42
    text +=
      rows.isEmpty
      ? "nothing\n"
      : TextTable.text(
        of: rows, Self.headings, lines: lines, width: size?.columns, rest: "pairs with less; --format csv has all"
      ) { row in
        [
          row.source.description, row.destination.description, Text.grouped(row.counts.packets),
          Text.bytes(Double(row.counts.frameBytes)), row.waits.map { Text.grouped($0) } ?? "–",
          row.isSent ? "sent" : "received",
        ]
      }
    try StandardOutput.write(Terminal.outputIsTerminal ? Terminal.inPlace(text) : text + "\n")
  }

  private func heading(_ report: SensorReport) -> String {
    let accounting = report.accounting
    let rate = Text.grouped((Double(accounting.counted) / report.period.seconds).rounded())
    return "\(report.period.start)  \(Text.duration(report.period.seconds))  "
      + "\(Text.grouped(accounting.counted)) packets, \(rate)/s; VMs: \(report.vms.map(\.name).joined(separator: " "))"
  }

  private func remarks(_ report: SensorReport) -> [String] {
    var remarks: [String] = []
    let accounting = report.accounting
    if let incomplete = report.incomplete { remarks.append("incomplete: \(incomplete)") }
    if accounting.dropped > 0 { remarks.append("\(Text.grouped(accounting.dropped)) frames were lost by the sensor") }
    let others = [
      ("without IP", accounting.notIP), ("malformed", accounting.malformed), ("foreign", accounting.foreign),
    ].filter { $0.1 > 0 }
    if !others.isEmpty {
      remarks.append("not counted: " + others.map { "\(Text.grouped($0.1)) \($0.0)" }.joined(separator: ", "))
    }
    for vm in report.vms {
      if let unknown = vm.unknown { remarks.append("\(vm.name) is unknown: \(unknown)") }
      if vm.spoofed > 0 { remarks.append("\(vm.name) sent \(Text.grouped(vm.spoofed)) frames under a false address") }
      if vm.tapDropped > 0 { remarks.append("\(vm.name) didn't take \(Text.grouped(vm.tapDropped)) frames") }
    }
    return remarks
  }
}

/// A pair in the table: as received where its destination is a VM here, else as sent.
struct SenseRow {
  var source: Endpoint
  var destination: Endpoint
  var counts: PairCounts
  /// Nil: what happens at the destination isn't seen here.
  var waits: Double?
  var isSent: Bool

  /// The one with the most packets first.
  static func all(of report: SensorReport) -> [SenseRow] {
    struct Pair: Hashable {
      var source: Endpoint
      var destination: Endpoint
    }
    var received: [Pair: PairCounts] = [:]
    for row in report.received {
      received[Pair(source: row.source, destination: row.destination), default: PairCounts()] += row.counts
    }
    var rows = received.map { pair, counts in
      let opposite = received[Pair(source: pair.destination, destination: pair.source)]
      return SenseRow(
        source: pair.source, destination: pair.destination, counts: counts, waits: counts.waits(opposite: opposite),
        isSent: false)
    }
    for row in report.sent where received[Pair(source: row.source, destination: row.destination)] == nil {
      rows.append(
        SenseRow(
          source: row.source, destination: row.destination, counts: row.counts, waits: nil, isSent: true))
    }
    return rows.sorted {
      ($1.counts.packets, $0.source, $0.destination) < ($0.counts.packets, $1.source, $1.destination)
    }
  }
}

extension SensorReport.Row {
  static func isBefore(_ left: Self, _ right: Self) -> Bool {
    (left.source, left.destination) < (right.source, right.destination)
  }
}
