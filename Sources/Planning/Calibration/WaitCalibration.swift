/// What moves of an application have taught about what a wait counts: κ is this share of what its formula says, never
/// more.
///
/// Each plan that was carried out is an observation: the formulas said how much of the run time it would save by waits,
/// and the rate of messages how much it saved. The share is the least-squares fit through the origin, so that a plan
/// that changes much tells more than one that changes little. The formula itself counts as one plan: a single one that
/// went by chance with another phase of the application can't silence waits for good.
package struct WaitCalibration: Codable, Hashable, Sendable {
  /// One plan that was carried out. Shares of the run time at the placement before.
  package struct Observation: Codable, Hashable, Sendable {
    /// The plan's name.
    package var plan: String
    /// Saved by waits and links, as the formulas say where all of a wait counts.
    package var waits: Double
    /// Saved by faster cores, as the formulas say.
    package var compute: Double
    /// Saved in fact, by the rate of messages before and after.
    package var saved: Double

    package init(plan: String, waits: Double, compute: Double, saved: Double) {
      self.plan = plan
      self.waits = waits
      self.compute = compute
      self.saved = saved
    }

    /// No less than nothing, no more than the formulas say: what lies beyond isn't the waits' doing.
    var savedByWaits: Double { min(waits, max(0, saved - compute)) }

    /// - Parameters:
    ///   - saving: what the plan was to save.
    ///   - gain: times the rate of messages of before; nothing can be said where that is 0.
    package init?(plan: String, saving: Plan.Saving, gain: Double) {
      guard gain > 0, saving.waitFactor > 0 else { return nil }
      self.init(
        plan: plan, waits: saving.waits / saving.waitFactor, compute: saving.compute, saved: 1 - 1 / gain)
    }
  }

  /// The latest, the oldest first.
  private(set) package var observations: [Observation] = []

  /// So many are kept: an application changes over time.
  static let mostObservations = 8
  /// A plan that saves less by waits tells nothing: the rate of messages varies as much.
  static let leastWaits = 0.05
  /// What the formula weighs: as a plan that saves 40 % of the time, all as it says.
  static let weightOfFormula = 0.4 * 0.4
  /// However little moves bring, waits count for something.
  package static let leastFactor = 0.1

  package init() {}

  /// - Returns: whether it tells anything.
  package mutating func learn(_ observation: Observation) -> Bool {
    guard observation.waits >= Self.leastWaits, observation.saved.isFinite else { return false }
    observations.append(observation)
    observations.removeFirst(max(0, observations.count - Self.mostObservations))
    return true
  }

  /// What κ is multiplied by; nil: nothing was learnt.
  package var factor: Double? { slope.map { min(1, max(Self.leastFactor, $0)) } }

  private var slope: Double? {
    guard !observations.isEmpty else { return nil }
    let products = observations.reduce(Self.weightOfFormula) { $0 + $1.waits * $1.savedByWaits }
    return products / squares
  }

  private var squares: Double { observations.reduce(Self.weightOfFormula) { $0 + $1.waits * $1.waits } }

  /// Standard error of the factor; nil of fewer than two observations.
  package var error: Double? {
    guard let slope, observations.count > 1 else { return nil }
    let residuals = observations.reduce(0) { sum, one in
      let residual = one.savedByWaits - slope * one.waits
      return sum + residual * residual
    }
    return (residuals / Double(observations.count - 1) / squares).squareRoot()
  }

  /// `a wait counts 0.71 ± 0.05 of what the formula says, as 3 plans have shown`; nil: nothing was learnt.
  package var words: String? {
    guard let factor else { return nil }
    let error = error.map { " ± \(Words.number($0))" } ?? ""
    return "a wait counts \(Words.number(factor))\(error) of what the formula says, as "
      + (observations.count == 1 ? "one plan has shown" : "\(observations.count) plans have shown")
  }
}
