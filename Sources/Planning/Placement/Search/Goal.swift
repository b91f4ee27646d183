import Model

/// What one pass of a search minimises, and what it must keep of the passes before.
///
/// An objective with a second criterion takes two passes: the first finds the least of the first criterion, the second
/// the least of the second among placements that keep that.
package struct Goal: Sendable {
  package enum Measure: Sendable { case cost, seconds, watts }

  package var measure: Measure
  /// At most, of each; infinite where it is free.
  var cost = Double.infinity
  var seconds = Double.infinity
  var watts = Double.infinity

  var needsWatts: Bool { measure == .watts || watts < .infinity }

  /// Whether anything of earlier passes is to be kept.
  var hasCaps: Bool { min(cost, seconds, watts) < .infinity }

  package init(measure: Measure) { self.measure = measure }

  /// The passes of an objective: its criteria, most important first.
  static func measures(of objective: Objective) -> [Measure] {
    switch objective {
    case .cost: [.cost]
    case .time: [.seconds, .cost]
    case .resources: [.watts, .cost]
    }
  }

  /// Whether a placement with these figures keeps what earlier passes found.
  func keeps(_ figures: Figures) -> Bool {
    figures.cost <= cost && figures.totalSeconds <= seconds && figures.watts <= watts
  }

  /// This goal, to be kept by the next pass: `value` of its measure, but for rounding.
  func keeping(_ value: Double, next measure: Measure) -> Goal {
    let limit = value + abs(value) * PlacementKey.rounding
    var goal = self
    switch self.measure {
    case .cost: goal.cost = limit
    case .seconds: goal.seconds = limit
    case .watts: goal.watts = limit
    }
    goal.measure = measure
    return goal
  }
}

/// The sums by which placements (or bounds below what can become of a partial one) are judged.
package struct Figures: Sendable {
  /// σ.
  package var slowdown = 0.0
  /// T.
  package var seconds = 0.0
  /// Σ downtimes.
  package var downtime = 0.0
  package var cost = 0.0
  package var watts = 0.0

  var totalSeconds: Double { seconds + downtime }

  func value(_ measure: Goal.Measure) -> Double {
    switch measure {
    case .cost: cost
    case .seconds: totalSeconds
    case .watts: watts
    }
  }
}
