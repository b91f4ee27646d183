import Model

/// Finds the best placement of an instance that breaks nothing: with proof where it is small, else by local search.
public struct PlacementSolver: Sendable {
  public let limits: SearchLimits

  public init(limits: SearchLimits = SearchLimits()) { self.limits = limits }

  public func solve(_ instance: PlacementInstance) -> PlacementSolution {
    var run = SolverRun(instance, limits)
    return run.solve()
  }
}

/// One run of the solver.
private struct SolverRun {
  let instance: PlacementInstance
  let problem: SearchProblem
  let floors: PairFloors
  let budget: SearchBudget
  let random: SplitMix64
  /// The best placement so far; the present one counts where it breaks nothing.
  var best: PlacementEvaluation?

  init(_ instance: PlacementInstance, _ limits: SearchLimits) {
    self.instance = instance
    budget = SearchBudget(limits)
    problem = SearchProblem(instance)
    floors = PairFloors(problem)
    random = SplitMix64(seed: limits.seed)
    if let present = instance.present { offer(present) }
  }

  /// Takes a placement over if it is feasible and to be preferred.
  mutating func offer(_ placement: [Int]) {
    let evaluation = PlacementEvaluation(of: placement, in: instance)
    guard evaluation.isFeasible else { return }
    if let best, !instance.prefers(evaluation, to: best) { return }
    best = evaluation
  }

  mutating func solve() -> PlacementSolution {
    guard problem.hosts > 0 else { return solution("no hosts", proven: true, bound: nil) }
    let exactSize = problem.n * problem.n * problem.hosts
    if exactSize <= 1_000_000 {
      let size = Double(problem.n) * ExponentialTable.logarithm(Double(problem.hosts))
      if size > 14 { search(until: 0.05, bound: -.infinity) }
      let end = size > 14 ? 0.4 : 1.0
      var last = 0
      let exact = ExactSearch(instance: instance, problem: problem, floors: floors) { [budget, problem] nodes in
        guard nodes % 64 == 1 else { return false }
        budget.spend((nodes - last) * problem.hosts)
        last = nodes
        return budget.used >= end
      }
      let result = exact.run(from: best?.placement)
      if let placement = result.placement { offer(placement) }
      if result.isProven { return solution("branch and bound", proven: true, bound: nil) }
    }
    let bound = RootBound(problem, floors, instance.objective).value
    if bound == .infinity { return solution("bound", proven: true, bound: nil) }
    search(until: 1, bound: bound)
    return solution("local search", proven: false, bound: bound)
  }

  /// Local search, a pass for each criterion.
  private mutating func search(until end: Double, bound: Double) {
    let measures = Goal.measures(of: instance.objective)
    var goal = Goal(measure: measures[0])
    let start = budget.used
    for (pass, measure) in measures.enumerated() {
      goal.measure = measure
      let share = measures.count == 1 || pass == 1 ? end : start + (end - start) * 0.75
      var search = LocalSearch(
        problem, goal: goal, start: best?.placement ?? firstPlacement, bound: pass == 0 ? bound : -.infinity,
        budget: budget, end: share, random: random)
      search.run()
      guard let found = search.best else { return }
      offer(found)
      guard let best else { return }
      goal = goal.keeping(Figures(best).value(measure), next: .cost)
    }
  }

  /// Where a search begins that has nothing better: where the VMs are, else spread over the hosts.
  private var firstPlacement: [Int] {
    instance.present
      ?? (0..<problem.n).map { vm in
        let hosts = (0..<problem.hosts).filter { problem.canHold(vm, $0) }
        return hosts.isEmpty ? 0 : hosts[vm % hosts.count]
      }
  }

  private func solution(_ method: String, proven: Bool, bound: Double?) -> PlacementSolution {
    let value = best.map { instance.key(of: $0).first }
    let least = proven ? value : bound
    var gap: Double?
    if let value, let least { gap = value > least ? (value - least) / value : 0 }
    return PlacementSolution(placement: best?.placement, method: method, proven: proven, bound: least, gap: gap)
  }
}

extension Figures {
  init(_ evaluation: PlacementEvaluation) {
    self.init(
      slowdown: evaluation.slowdown, seconds: evaluation.seconds, downtime: evaluation.downtimeSeconds,
      cost: evaluation.cost.total, watts: evaluation.watts)
  }
}
