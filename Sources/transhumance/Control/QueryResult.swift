import Model
import Wire

/// The controller's answer to a query, put together from its messages.
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
            missingHosts: period.missingHosts, rows: rows))
      }
    case nil: break
    }
  }

  /// Rows whose columns aren't all there are left out.
  private static func rows(_ message: Transhumance_V1_MatrixRows) -> [Row] {
    let count =
      [
        message.source.count, message.destination.count, message.packets.count, message.frameBytes.count,
        message.ipBytes.count, message.waits.count, message.sentPackets.count, message.bySender.count,
      ].min() ?? 0
    return (0..<count).compactMap { index in
      let (source, destination) = (Int(message.source[index]), Int(message.destination[index]))
      guard max(source, destination) < message.endpoints.count else { return nil }
      return Row(
        source: message.endpoints[source], destination: message.endpoints[destination],
        packets: message.packets[index], frameBytes: message.frameBytes[index], ipBytes: message.ipBytes[index],
        waits: message.waits[index], sentPackets: message.sentPackets[index] < 0 ? nil : message.sentPackets[index],
        bySender: message.bySender[index])
    }
  }

  /// In words, on one line.
  static func text(of refusal: Transhumance_V1_QueryRefusal) -> String {
    var text = "handed back: " + refusal.reason
    if !refusal.missingHosts.isEmpty { text += "; waiting for " + refusal.missingHosts.joined(separator: ", ") }
    if refusal.availableAt != 0 { text += "; available at \(Timestamp(nanoseconds: refusal.availableAt))" }
    return text
  }
}
