internal import Model

/// What is counted of waits at one end of a pair; it belongs to the row that ends there. All fields add up.
package struct EndCounts: BitwiseCopyable, Hashable, Sendable {
  package var rounds: UInt64 = 0
  package var windows: UInt64 = 0
  package var lag: Int64 = 0
  package var turns: UInt64 = 0
  package var matched: UInt64 = 0
  package var runs: UInt64 = 0
  /// Thousandths.
  package var shares: UInt64 = 0

  package init() {}
}
