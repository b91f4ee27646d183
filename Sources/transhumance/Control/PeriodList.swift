import Answers
import Wire

/// Closed periods that the controller holds in memory, the latest last.
struct PeriodList: Listing {
  typealias Document = PeriodSummaryDocument

  static let key = "periods"
  static let isByTime = true
  static let columns: [(heading: String, alignment: TextTable.Alignment)] = [
    ("START", .left), ("LENGTH", .right), ("PACKETS", .right), ("IP BYTES", .right), ("PAIRS", .right),
    ("COMPLETE", .left), ("MISSING", .left),
  ]
  static let fields = ["start", "seconds", "complete", "missing_hosts", "packets", "ip_bytes", "pairs"]
  let rows: [ListedRow<Document>]

  init(_ reply: Transhumance_V1_PeriodsReply) {
    rows = reply.periods.map { ListedRow($0) }
  }
}

extension ListedRow<PeriodSummaryDocument> {
  fileprivate init(_ summary: Transhumance_V1_PeriodSummary) {
    let period = PeriodSummaryDocument(summary)
    let missing = period.missingHosts.joined(separator: " ")
    self.init(
      name: period.start,
      cells: [
        period.start, Text.duration(period.seconds), Text.grouped(period.packets), Text.grouped(period.ipBytes),
        Text.grouped(period.pairs), period.complete ? "yes" : "no", missing,
      ],
      values: [
        period.start, Text.plain(period.seconds), period.complete ? "true" : "false", missing, String(period.packets),
        String(period.ipBytes), String(period.pairs),
      ],
      document: period)
  }
}
