internal import Model
package import Wire

/// A closed period, as `get periods --format json` has it.
package struct PeriodSummaryDocument: Encodable, Sendable {
  package var start: String
  package var seconds: Double
  package var complete: Bool
  package var missingHosts: [String]
  package var packets: UInt64
  package var ipBytes: UInt64
  package var pairs: UInt64

  package init(_ summary: Transhumance_V1_PeriodSummary) {
    start = Timestamp(nanoseconds: summary.start).description
    seconds = Double(summary.nanoseconds) / 1e9
    (complete, missingHosts) = (summary.complete, summary.missingHosts)
    (packets, ipBytes, pairs) = (summary.packets, summary.ipBytes, summary.pairs)
  }
}
