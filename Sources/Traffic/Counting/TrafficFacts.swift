public import Model

/// What was seen in all.
public struct TrafficFacts: Hashable, Sendable {
  public var packets: UInt64
  public var ipPackets: UInt64
  public var otherPackets: UInt64
  public var malformedPackets: UInt64
  /// Time stamp of the earliest packet; nil where no packet has one.
  public var start: Timestamp?
  /// Time stamp of the latest packet.
  public var end: Timestamp?
}
