/// How the loop decides.
package struct DecisionSettings: Hashable, Sendable {
  /// The least data that a decision stands on, seconds; 30 is the least that is allowed.
  package var windowSeconds: Double
  /// How the periods of the window are weighed, the oldest first; where there are more periods than weights, the
  /// first of them counts for all older ones. Empty: all alike.
  package var weights: [Double]
  /// How long a plan may wait for approval, or for its turn, seconds.
  package var expirySeconds: Double
  /// Bound on the search for a placement, seconds.
  package var searchSeconds: Double

  package init(
    windowSeconds: Double = 30, weights: [Double] = [], expirySeconds: Double = 900, searchSeconds: Double = 5
  ) {
    self.windowSeconds = max(30, windowSeconds)
    self.weights = weights
    self.expirySeconds = expirySeconds
    self.searchSeconds = searchSeconds
  }

  /// The weights of so many periods, the oldest first.
  package func weights(of count: Int) -> [Double] {
    guard let first = weights.first else { return Array(repeating: 1, count: count) }
    return Array(repeating: first, count: max(0, count - weights.count)) + weights.suffix(count)
  }
}
