import Model
import Planning
import Simulation

/// The JSON document of `simulate` (docs/simulation.md).
struct SimulationDocument: Encodable {
  var scenario: Header
  var policies: [Policy]

  struct Header: Encodable {
    var file: String
    var hours: Double
    var applications: Int
    var vms: Int
    var objective: String
    /// Of values: `money`, `seconds`, `wattSeconds`.
    var unit: String
    var seeds: [UInt64]
  }

  struct Policy: Encodable {
    var policy: String
    var medianValue: Double?
    var medianRatio: Double?
    var worstRatio: Double?
    var runs: [Run]
  }

  struct Run: Encodable {
    var seed: UInt64
    var value: Double
    var ratio: Double?
    var cost: Cost
    var seconds: Double
    var wattSeconds: Double
    var plans: Int
    var failedPlans: Int
    /// How many plans the rule of regret allows.
    var mostPlans: Int?
    var moves: Int
    var failedMoves: Int
    var movedBytes: Double
    var lostVMs: Int
    var standingSeconds: Double
    var done: Bool
    /// Of the oracle: what it is.
    var note: String?
  }

  struct Cost: Encodable {
    var hosting: Double
    var egress: Double
    var migration: Double
    var total: Double
  }

  init(_ comparison: Comparison, file: String) {
    let scenario = comparison.scenario
    let unit =
      switch comparison.objective {
      case .cost: "money"
      case .time: "seconds"
      case .resources: "wattSeconds"
      }
    self.scenario = Header(
      file: file, hours: scenario.hours, applications: scenario.applications.reduce(0) { $0 + $1.count },
      vms: scenario.applications.reduce(0) { $0 + $1.count * $1.vms }, objective: comparison.objective.rawValue,
      unit: unit, seeds: comparison.seeds)
    policies = comparison.policies.map { policy in
      let trials = comparison.trials(of: policy)
      let ratios = trials.compactMap(\.ratio)
      return Policy(
        policy: policy.rawValue, medianValue: trials.map(\.value).median,
        medianRatio: ratios.median, worstRatio: ratios.max(), runs: trials.map(Run.init))
    }
  }
}

extension SimulationDocument.Run {
  fileprivate init(_ trial: Trial) {
    let total = trial.total
    self.init(
      seed: trial.seed, value: trial.value, ratio: trial.ratio,
      cost: .init(hosting: total.hosting, egress: total.egress, migration: total.migration, total: total.money),
      seconds: total.seconds, wattSeconds: total.energy, plans: total.plans, failedPlans: total.failedPlans,
      mostPlans: trial.mostPlans, moves: total.moves, failedMoves: total.failedMoves, movedBytes: total.movedBytes,
      lostVMs: total.restarts, standingSeconds: total.standing, done: total.isDone, note: trial.note)
  }
}
