/// What a sensor counts of one ordered pair (source → destination) in one period. All fields add up over periods, taps
/// and sensors.
public struct PairCounts: BitwiseCopyable, Hashable, Sendable {
  /// IP packets as they go on the wire.
  public var packets: UInt64
  /// Bytes of the frames as on the wire, without the frame check sequence.
  public var frameBytes: UInt64
  /// Bytes by the IP header's total length.
  public var ipBytes: UInt64
  /// Rounds that end at the destination: how often it sent a message to the source after a fresh one had come
  /// from there.
  public var rounds: UInt64
  /// Windows closed at the destination.
  public var windows: UInt64
  /// Sum over those windows of the least lag (received less sent messages), each in −1 … 1.
  public var lag: Int64
  /// Turns that end at the destination: how often it began to send to the source after something fresh
  /// had come from there.
  public var turns: UInt64
  /// How often the destination began to send to the source and could match that with something received before.
  public var matched: UInt64
  /// How often three in a row went the same way, as seen at the destination.
  public var runs: UInt64
  /// Sum, in thousandths, of the part in a wait of each of those matched.
  public var shares: UInt64

  /// Nothing counted unless given.
  public init(
    packets: UInt64 = 0, frameBytes: UInt64 = 0, ipBytes: UInt64 = 0, rounds: UInt64 = 0, windows: UInt64 = 0,
    lag: Int64 = 0, turns: UInt64 = 0, matched: UInt64 = 0, runs: UInt64 = 0, shares: UInt64 = 0
  ) {
    self.packets = packets
    self.frameBytes = frameBytes
    self.ipBytes = ipBytes
    self.rounds = rounds
    self.windows = windows
    self.lag = lag
    self.turns = turns
    self.matched = matched
    self.runs = runs
    self.shares = shares
  }

  /// Counts add up over periods and pairs.
  public static func += (left: inout PairCounts, right: PairCounts) {
    left.packets &+= right.packets
    left.frameBytes &+= right.frameBytes
    left.ipBytes &+= right.ipBytes
    left.rounds &+= right.rounds
    left.windows &+= right.windows
    left.lag &+= right.lag
    left.turns &+= right.turns
    left.matched &+= right.matched
    left.runs &+= right.runs
    left.shares &+= right.shares
  }
}
