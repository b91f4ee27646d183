/// What a search found, and what it can say of it.
public struct PlacementSolution: Sendable {
  /// The best placement found that breaks nothing; nil: none found.
  public let placement: [Int]?
  /// How it was found, in words.
  public let method: String
  /// Whether nothing better exists (with `placement` nil: that none exists).
  public let proven: Bool
  /// No placement has less of what the objective compares first. Nil where nothing is known.
  public let bound: Double?
  /// (value − bound) / value of what the objective compares first; 0 where proven, nil without a placement or bound.
  public let gap: Double?
}
