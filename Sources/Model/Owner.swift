/// Who has applications, and how much is theirs of what all share.
public struct Owner: Hashable, Sendable {
  public var name: String
  /// Relative to those of the others; > 0.
  public var shares: Double

  public init(name: String, shares: Double = 1) {
    self.name = name
    self.shares = shares
  }
}
