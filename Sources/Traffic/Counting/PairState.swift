internal import Model

/// What is held of each pair while packets come in.
struct PairState: Sendable {
  let key: PairKey
  /// The period that `counts` are of: its start divided by its length.
  var period: Int64
  var counts = PeriodCounts()
  /// Index of the pair's wait tracker.
  var tracker = Self.untracked

  static let untracked = UInt32.max

  init(key: PairKey, period: Int64) {
    self.key = key
    self.period = period
  }
}

/// The two rows of a pair in one period.
struct PeriodCounts: Sendable {
  /// From the pair's first address to its second.
  var forward = PairCounts()
  var backward = PairCounts()

  static func += (left: inout PeriodCounts, right: PeriodCounts) {
    left.forward += right.forward
    left.backward += right.backward
  }

  /// A round, window or lag belongs to the row that ends where it was counted.
  @inline(__always)
  mutating func add(_ waits: WaitTracker.Counts) {
    backward.add(waits.first)
    forward.add(waits.second)
  }
}

extension PairCounts {
  @inline(__always)
  fileprivate mutating func add(_ end: EndCounts) {
    rounds &+= end.rounds
    windows &+= end.windows
    lag &+= end.lag
  }

  @inline(__always)
  mutating func add(_ packet: Packet) {
    packets &+= 1
    frameBytes &+= packet.frameBytes
    ipBytes &+= packet.ipBytes
  }
}
