import Model

/// Placements one after another over the whole remaining run; of one stage alone, a placement.
struct Staging: Sendable {
  let stages: [Stage]

  var cost: Double { stages.reduce(0) { $0 + $1.cost } }
  var seconds: Double { stages.reduce(0) { $0 + $1.seconds } }
  var moves: Int { stages.reduce(0) { $0 + $1.evaluation.moves.count } }
  /// Mean over time.
  var watts: Double {
    let length = stages.reduce(0) { $0 + $1.length }
    return length > 0 ? stages.reduce(0) { $0 + $1.evaluation.watts * $1.length } / length : stages[0].evaluation.watts
  }

  /// Whether nothing moves now.
  var staysNow: Bool { stages[0].evaluation.moves.isEmpty }

  /// What the objective compares first.
  func value(_ objective: Objective) -> Double {
    switch objective {
    case .cost: cost
    case .time: seconds
    case .resources: watts
    }
  }

  /// By the objective, then by cost, then fewer moves, then fewer stages.
  func isBetter(than other: Staging, by objective: Objective) -> Bool {
    for (left, right) in [(value(objective), other.value(objective)), (cost, other.cost)] {
      if PlacementKey.isLess(left, right) { return true }
      if PlacementKey.isLess(right, left) { return false }
    }
    return (moves, stages.count) < (other.moves, other.stages.count)
  }

  func following(_ stage: Stage) -> Staging { Staging(stages: [stage] + stages) }
}

extension Staging? {
  /// Keeps the better one.
  mutating func take(_ other: Staging?, by objective: Objective) {
    guard let other else { return }
    if let own = self, !other.isBetter(than: own, by: objective) { return }
    self = other
  }
}
