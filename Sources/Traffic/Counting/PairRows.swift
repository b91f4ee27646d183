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
}
