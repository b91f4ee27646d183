/// Who sent how much to whom in a window of time: one row per ordered pair of endpoints, in the order of
/// source, then destination.
///
/// Figures are `Double` since means over periods are not whole; whole numbers are exact up to 2⁵³.
public struct TrafficMatrix: Hashable, Sendable {
  /// What one endpoint sent to another.
  public struct Row: Hashable, Sendable {
    /// Who sent.
    public var source: Endpoint
    /// To whom.
    public var destination: Endpoint
    /// IP packets as on the wire.
    public var packets: Double
    /// As on the wire, without the frame check sequence.
    public var frameBytes: Double
    /// IP total lengths.
    public var ipBytes: Double
    /// How often the destination stood still until something of the source's had crossed.
    public var waits: Double

    /// Nothing counted unless given.
    public init(
      source: Endpoint, destination: Endpoint, packets: Double = 0, frameBytes: Double = 0, ipBytes: Double = 0,
      waits: Double = 0
    ) {
      self.source = source
      self.destination = destination
      self.packets = packets
      self.frameBytes = frameBytes
      self.ipBytes = ipBytes
      self.waits = waits
    }
  }

  /// Sorted, without duplicates and without rows from an endpoint to itself.
  public let rows: [Row]
  /// Whether waits were counted at all; where not, the rows' waits are 0 and say nothing.
  public let hasWaits: Bool
  /// Last time stamp less first, where the matrix comes from a trace, else what its reader was told; nil: not known.
  public let windowSeconds: Double?

  /// Rows of the same pair add up; rows with source = destination are left out.
  public init(rows: some Sequence<Row>, hasWaits: Bool, windowSeconds: Double? = nil) {
    // One array, for there may be a million rows.
    var kept: [Row] = []
    kept.reserveCapacity(rows.underestimatedCount)
    for row in rows where row.source != row.destination { kept.append(row) }
    kept.sort { ($0.source, $0.destination) < ($1.source, $1.destination) }
    var count = 0
    for index in kept.indices {
      if count > 0, kept[count - 1].source == kept[index].source, kept[count - 1].destination == kept[index].destination
      {
        kept[count - 1].packets += kept[index].packets
        kept[count - 1].frameBytes += kept[index].frameBytes
        kept[count - 1].ipBytes += kept[index].ipBytes
        kept[count - 1].waits += kept[index].waits
      } else {
        if count < index { kept[count] = kept[index] }
        count += 1
      }
    }
    kept.removeLast(kept.count - count)
    self.rows = kept
    self.hasWaits = hasWaits
    self.windowSeconds = windowSeconds
  }

  /// All endpoints that occur, sorted.
  public var endpoints: [Endpoint] {
    var seen = Set<Endpoint>()
    for row in rows {
      seen.insert(row.source)
      seen.insert(row.destination)
    }
    return seen.sorted()
  }
}
