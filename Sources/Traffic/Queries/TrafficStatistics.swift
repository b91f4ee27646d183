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
  /// VMs and hosts of the query's places that are in none of the periods, sorted.
  public var unseen: [String]
  public var content: Content

  public enum Content: Hashable, Sendable {
    /// Each period, oldest first.
    case periods([PeriodStatistics])
    /// A mean, per period of the length in force.
    case mean([Row])

    /// Whether there is no row in it.
    public var isEmpty: Bool {
      switch self {
      case .periods(let periods): periods.allSatisfy(\.isEmpty)
      case .mean(let rows): rows.isEmpty
      }
    }
  }

  /// The time from `start` to `end`, one period or several, was taken to be like the period that begins at `from`.
  public struct Approximation: Hashable, Sendable {
    public var start: Timestamp
    public var end: Timestamp
    public var from: Timestamp
  }

  public struct PeriodStatistics: Hashable, Sendable {
    public let period: Period
    public let isComplete: Bool
    /// Of which counts are missing, all or some.
    public let missingHosts: [String]
    /// More than one where it is several periods that were added up.
    public let parts: Int
    private let traffic: GlobalPeriod
    private let scale: Double
    private let query: TrafficQuery

    init(_ held: HeldPeriod, _ query: TrafficQuery) {
      period = held.period
      isComplete = !held.isCopy && held.traffic.isComplete
      missingHosts = held.traffic.incompleteHosts
      parts = held.isCopy ? 1 : held.traffic.parts
      traffic = held.traffic
      let known = Double(held.traffic.partLength) * Double(held.traffic.parts)
      scale = held.isCopy ? Double(held.period.length) / known : 1
      self.query = query
    }

    /// Made when they are asked for: the rows of all periods of a span together can be more than memory holds.
    public var rows: [Row] { query.rows(of: traffic, scale: scale) }

    /// Whether there are no rows, which is told without making them.
    public var isEmpty: Bool {
      query.chosen(in: traffic).map { !traffic.rows.isTouched(by: $0) } ?? traffic.rows.isEmpty
    }
  }

  /// One direction of a pair; not rounded. Where endpoints are taken together, source and destination may be the same.
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
