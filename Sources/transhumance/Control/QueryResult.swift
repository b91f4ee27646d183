import Answers
import Model
import Wire

/// The controller's answer to a query, all of it in memory: for people, not for programs.
struct QueryResult: Sendable {
  struct Row: Sendable {
    var source: String
    var destination: String
    var packets: Double
    var frameBytes: Double
    var ipBytes: Double
    var waits: Double
    /// nil: not known.
    var sentPackets: Double?
    var bySender: Bool
  }

  struct PeriodRows: Sendable {
    var start: Timestamp
    var nanoseconds: Int64
    var isComplete: Bool
    /// Periods that were added up in it.
    var parts: UInt32
    var missingHosts: [String]
    var rows: [Row]

    var seconds: Double { Double(nanoseconds) / 1e9 }
  }

  private(set) var header = Transhumance_V1_QueryHeader()
  private(set) var periods: [PeriodRows] = []
  /// Of a mean.
  private(set) var rows: [Row] = []
  private(set) var refusal: Transhumance_V1_QueryRefusal?

  mutating func take(_ message: QueryReply) {
    switch message.content {
    case .header(let header): self.header = header
    case .refusal(let refusal): self.refusal = refusal
    case .pairs(let rows): self.rows += Self.rows(rows)
    case .period(let period):
      let rows = Self.rows(period.rows)
      if let last = periods.last, last.start.nanoseconds == period.start, last.nanoseconds == period.nanoseconds {
        periods[periods.count - 1].rows += rows
      } else {
        periods.append(
          PeriodRows(
            start: Timestamp(nanoseconds: period.start), nanoseconds: period.nanoseconds, isComplete: period.complete,
            parts: period.count, missingHosts: period.missingHosts, rows: rows))
      }
    case nil: break
    }
  }

  private static func rows(_ message: Transhumance_V1_MatrixRows) -> [Row] {
    let all = AnswerRows(message)
    return all.map { row in
      Row(
        source: all.endpoints[row.source], destination: all.endpoints[row.destination], packets: row.packets,
        frameBytes: row.frameBytes, ipBytes: row.ipBytes, waits: row.waits, sentPackets: row.sentPackets,
        bySender: row.bySender)
    }
  }
}
