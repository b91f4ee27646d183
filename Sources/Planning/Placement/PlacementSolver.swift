import Dispatch
import Model
import Synchronization

/// Finds the best placement of an instance that breaks nothing: with proof where it is small, else by local search, one
/// on each core with a seed of its own, of which the best counts.
///
/// Ends early, with what it has found, where the task that it is called from is cancelled.
public struct PlacementSolver: Sendable {
  public let limits: SearchLimits

  public init(limits: SearchLimits = SearchLimits()) { self.limits = limits }

  public func solve(_ instance: PlacementInstance) -> PlacementSolution {
    let clock = SearchClock(limits)
    let problem = SearchProblem(instance)
    let floors = PairFloors(problem)
    let workers = problem.isTiny ? 1 : limits.workers
    let bound = problem.isTiny ? nil : RootBound(problem, floors, instance.objective).value
    let runs = Mutex([SolverRun?](repeating: nil, count: workers))
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      var run = SolverRun(instance, problem, floors, clock, bound: bound, seed: limits.seed &+ UInt64(worker))
      run.solve(provingFirst: worker == 0)
      if run.solution?.proven == true { clock.stop() }
      runs.withLock { [run] in $0[worker] = run }
    }
    let done = runs.withLock { $0.compactMap { $0 } }
    // What is proven doesn't depend on how far the others came.
    if let proof = done.first(where: { $0.solution?.proven == true })?.solution { return proof }
    return done.dropFirst().reduce(into: done[0]) { first, other in first.take(other) }.unproven
  }
}

/// One run of the solver.
private struct SolverRun: Sendable {
  let instance: PlacementInstance
  let problem: SearchProblem
  let floors: PairFloors
  let clock: SearchClock
  let random: SplitMix64
  /// The best placement so far; the present one counts where it breaks nothing.
  var best: PlacementEvaluation?
  /// Of what the objective compares first; nil: not known.
  var bound: Double?
  /// Nil where nothing is proven.
  var solution: PlacementSolution?

  init(
    _ instance: PlacementInstance, _ problem: SearchProblem, _ floors: PairFloors, _ clock: SearchClock, bound: Double?,
    seed: UInt64
  ) {
    (self.instance, self.problem, self.floors, self.clock) = (instance, problem, floors, clock)
    self.bound = bound
    random = SplitMix64(seed: seed)
    if let present = instance.present { offer(present) }
  }

  /// Takes over what another run found.
  mutating func take(_ other: SolverRun) {
    if let best = other.best { offer(best.placement) }
  }

  /// Takes a placement over if it is feasible and to be preferred.
  mutating func offer(_ placement: [Int]) {
    let evaluation = PlacementEvaluation(of: placement, in: instance)
    guard evaluation.isFeasible else { return }
    if let best, !instance.prefers(evaluation, to: best) { return }
    best = evaluation
  }

  mutating func solve(provingFirst: Bool) {
    let budget = SearchBudget(clock)
    guard problem.hosts > 0 else {
      solution = solution("no hosts", proven: true)
      return
    }
    if provingFirst, problem.n * problem.n * problem.hosts <= Self.mostToProve {
      let size = problem.size
      if size > SearchProblem.tinySize { search(budget, until: 0.05, bound: -.infinity) }
      // Of large ones few are proven at all, and those soon.
      let end = size > 60 ? 0.1 : size > SearchProblem.tinySize ? 0.4 : 1.0
      var last = 0
      let exact = ExactSearch(instance: instance, problem: problem, floors: floors) { [problem] nodes in
        guard nodes % 64 == 1 else { return false }
        budget.spend((nodes - last) * problem.hosts)
        last = nodes
        return budget.used >= end
      }
      let result = exact.run(from: best?.placement)
      if let placement = result.placement { offer(placement) }
      if result.isProven {
        solution = solution("branch and bound", proven: true)
        return
      }
    }
    let bound = self.bound ?? RootBound(problem, floors, instance.objective).value
    self.bound = bound
    if bound == .infinity {
      solution = solution("bound", proven: true)
      return
    }
    search(budget, until: 1, bound: bound)
  }

  /// VMs by VMs by hosts up to which a proof is tried.
  private static let mostToProve = 1_000_000

  /// Local search, a pass for each criterion.
  private mutating func search(_ budget: SearchBudget, until end: Double, bound: Double) {
    var measures = Goal.measures(of: instance.objective)
    if !problem.hasCost { measures = [measures[0]] }
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

  var unproven: PlacementSolution { solution("local search", proven: false) }

  private func solution(_ method: String, proven: Bool) -> PlacementSolution {
    let value = best.map { instance.key(of: $0).first }
    let least = proven ? value : bound
    var gap: Double?
    if let value, let least { gap = value > least ? (value - least) / value : 0 }
    return PlacementSolution(placement: best?.placement, method: method, proven: proven, bound: least, gap: gap)
  }
}

extension SearchProblem {
  /// ln of how many placements there are, room or not.
  fileprivate var size: Double { Double(n) * ExponentialTable.logarithm(Double(max(1, hosts))) }

  /// Up to here a proof takes no time worth sharing.
  fileprivate static let tinySize = 14.0

  fileprivate var isTiny: Bool { size <= Self.tinySize }
}

extension Figures {
  init(_ evaluation: PlacementEvaluation) {
    self.init(
      slowdown: evaluation.slowdown, seconds: evaluation.seconds, downtime: evaluation.downtimeSeconds,
      cost: evaluation.cost.total, watts: evaluation.watts)
  }
}
