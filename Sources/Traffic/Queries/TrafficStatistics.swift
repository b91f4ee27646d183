public import Model

/// The answer to a query.
public struct TrafficStatistics: Hashable, Sendable {
  /// Of the first period.
  public var start: Timestamp
  /// Of the last period.
  public var end: Timestamp
  /// Whether every period of the span is there, with all hosts.
  public var isExact: Bool
  /// What was taken to be like a period before it.
  public var approximation: Approximation?
  /// Hosts whose counts are missing in any of the periods, sorted.
  public var missingHosts: [String]
  /// Starts of the periods of the span of which nothing is held.
  public var gaps: [Timestamp]
  /// Periods that began before it are rolled up into longer ones; nil: none are.
  public var rolledUpUntil: Timestamp?
  public var content: Content

  public enum Content: Hashable, Sendable {
    /// Each period, oldest first.
    case periods([PeriodStatistics])
    /// A mean, per period of the length in force.
    case mean([Row])
  }

  /// The time from `start` to `end`, one period or several, was taken to be like the period that begins at `from`.
  public struct Approximation: Hashable, Sendable {
    public var start: Timestamp
    public var end: Timestamp
    public var from: Timestamp
  }

  public struct PeriodStatistics: Hashable, Sendable {
    public var period: Period
    public var isComplete: Bool
    /// Of which counts are missing, all or some.
    public var missingHosts: [String]
    /// More than one where it is several periods that were added up.
    public var parts: Int
    let traffic: PeriodRows
    let scale: Double
    let endpoints: Set<Endpoint>?

    /// Unpacked each time: those of many periods at once can be more than there is memory.
    public var rows: [Row] {
      let rows = endpoints.map { traffic.touching($0) } ?? Array(traffic)
      return rows.map { row in
        Row(
          source: row.source, destination: row.destination, packets: Double(row.counts.packets) * scale,
          frameBytes: Double(row.counts.frameBytes) * scale, ipBytes: Double(row.counts.ipBytes) * scale,
          waits: row.waits * scale, sentPackets: row.sentPackets.map { Double($0) * scale }, bySender: row.bySender)
      }
    }
  }

  /// One direction of a pair; not rounded.
  public struct Row: Hashable, Sendable {
    public var source: Endpoint
    public var destination: Endpoint
    public var packets: Double
    public var frameBytes: Double
    public var ipBytes: Double
    public var waits: Double
    /// By the sender's host; nil where it wasn't seen in some of the periods.
    public var sentPackets: Double?
    /// Whether any of it is the sender's count.
    public var bySender: Bool
  }
}
