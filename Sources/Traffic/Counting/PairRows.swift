public import Model

/// The two rows of a pair of machines, which are called first and second in any order that stays the same.
public struct PairRows: BitwiseCopyable, Hashable, Sendable {
  /// From the first to the second.
  public var forward = PairCounts()
  public var backward = PairCounts()

  public init() {}

  public static func += (left: inout PairRows, right: PairRows) {
    left.forward += right.forward
    left.backward += right.backward
  }

  /// Adds what was counted at both ends: each to the row that ends there.
  mutating func add(_ first: EndCounts, _ second: EndCounts) {
    backward.add(first)
    forward.add(second)
  }
}

extension PairCounts {
  fileprivate mutating func add(_ end: EndCounts) {
    rounds &+= end.rounds
    windows &+= end.windows
    lag &+= end.lag
    turns &+= end.turns
    matched &+= end.matched
    runs &+= end.runs
    shares &+= end.shares
  }
}
