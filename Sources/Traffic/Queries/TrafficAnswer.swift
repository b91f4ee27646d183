public import Model

/// What comes of a query.
public enum TrafficAnswer: Hashable, Sendable {
  case answered(TrafficStatistics)
  case handedBack(Refusal)

  /// Why there is no answer now, and when there will be.
  public struct Refusal: Hashable, Sendable {
    public var reason: String
    /// Hosts that haven't reported yet, sorted.
    public var missingHosts: [String]
    /// By then at the latest the periods of the span are closed; nil: not known, or never.
    public var availableAt: Timestamp?

    init(_ reason: String, missingHosts: [String] = [], availableAt: Timestamp? = nil) {
      self.reason = reason
      self.missingHosts = missingHosts
      self.availableAt = availableAt
    }
  }
}
