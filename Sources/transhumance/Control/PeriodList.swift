import Model
import Wire

/// Closed periods that the controller holds in memory, the latest last.
struct PeriodList: Listing {
  struct Document: Encodable {
    var start: String
    var seconds: Double
    var complete: Bool
    var missingHosts: [String]
    var packets: UInt64
    var ipBytes: UInt64
    var pairs: UInt64
  }

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

extension ListedRow<PeriodList.Document> {
  fileprivate init(_ summary: Transhumance_V1_PeriodSummary) {
    let start = Timestamp(nanoseconds: summary.start).description
    let period = PeriodList.Document(
      start: start, seconds: Double(summary.nanoseconds) / 1e9, complete: summary.complete,
      missingHosts: summary.missingHosts, packets: summary.packets, ipBytes: summary.ipBytes, pairs: summary.pairs)
    let missing = period.missingHosts.joined(separator: " ")
    self.init(
      name: start,
      cells: [
        start, Text.duration(period.seconds), Text.grouped(period.packets), Text.grouped(period.ipBytes),
        Text.grouped(period.pairs), period.complete ? "yes" : "no", missing,
      ],
      values: [
        start, Text.plain(period.seconds), period.complete ? "true" : "false", missing, String(period.packets),
        String(period.ipBytes), String(period.pairs),
      ],
      document: period)
  }
}
