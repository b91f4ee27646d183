/// Computation that no optimizer removes: each step depends on the one before.
public struct Steps: Sendable {
  private var state: UInt64 = 0x2545_F491_4F6C_DD1D

  public init() {}

  /// Zero only by a chance of 2⁻⁶⁴; to be used by the caller.
  public mutating func run(_ count: Int) -> UInt64 {
    for _ in 0..<max(0, count) {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
    }
    return state
  }
}
