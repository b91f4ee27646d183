public import Model

/// What an objective compares: least first, and only where two are equal but for rounding, the next.
public struct PlacementKey: Hashable, Sendable {
  /// Cost; time with downtimes; watts.
  public let first: Double
  /// Cost, for the objectives that don't begin with it; else 0.
  public let second: Double
  public let moves: Int

  public init(_ evaluation: PlacementEvaluation, _ objective: Objective) {
    switch objective {
    case .cost: (first, second) = (evaluation.cost.total, 0)
    case .time: (first, second) = (evaluation.totalSeconds, evaluation.cost.total)
    case .resources: (first, second) = (evaluation.watts, evaluation.cost.total)
    }
    moves = evaluation.moves.count
  }

  /// Differences below this share are rounding, not better or worse.
  static let rounding = 1e-11

  static func isLess(_ left: Double, _ right: Double) -> Bool {
    right - left > rounding * max(abs(left), abs(right))
  }

  /// Nil where the two are equal but for rounding.
  public func isBetter(than other: PlacementKey) -> Bool? {
    if Self.isLess(first, other.first) { return true }
    if Self.isLess(other.first, first) { return false }
    if Self.isLess(second, other.second) { return true }
    if Self.isLess(other.second, second) { return false }
    return moves == other.moves ? nil : moves < other.moves
  }
}

extension PlacementInstance {
  public func key(of evaluation: PlacementEvaluation) -> PlacementKey { PlacementKey(evaluation, objective) }

  /// Whether a placement is to be preferred: by the objective, then fewer moves, then the hosts' names, VM by VM in
  /// the order of theirs. Feasibility is not looked at.
  public func prefers(_ left: PlacementEvaluation, to right: PlacementEvaluation) -> Bool {
    if let better = key(of: left).isBetter(than: key(of: right)) { return better }
    for vm in vmsByName where left.placement[vm] != right.placement[vm] {
      return hostRanks[left.placement[vm]] < hostRanks[right.placement[vm]]
    }
    return false
  }
}
