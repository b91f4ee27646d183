import Model

/// One pass of search where proof is out of reach: the best placement by one measure that keeps a goal's caps.
///
/// Large instances: multilevel search over sites of the problem with σ taken as linear around the best placement,
/// hosts packed after it, then moves and swaps by the true formulas; again and again. Small dense ones: robust tabu
/// search over hosts in its place, and annealing. Large ones on one site: annealing alone.
struct LocalSearch {
  let problem: SearchProblem
  let goal: Goal
  let budget: SearchBudget
  /// Share of the budget at which it ends, and the value at which it can.
  let end: Double
  let bound: Double
  var annealing: Annealing
  var random: SplitMix64

  /// - Parameter start: feasible or not.
  init(
    _ problem: SearchProblem, goal: Goal, start: [Int], bound: Double, budget: SearchBudget, end: Double,
    random: SplitMix64
  ) {
    self.problem = problem
    self.goal = goal
    self.budget = budget
    self.end = end
    self.bound = bound
    self.random = random
    annealing = Annealing(problem, goal: goal, start: start, random: random)
  }

  /// The best placement found that breaks nothing.
  var best: [Int]? { annealing.best.isEmpty ? nil : annealing.best }

  var isOver: Bool {
    budget.used >= end || !annealing.best.isEmpty && annealing.bestValue <= bound * (1 + 1e-12)
  }

  mutating func run() {
    annealing.quench(trials: firstTrials, budget: budget)
    if problem.hosts == 1 { return }
    if problem.n <= Self.mostTabuVMs, problem.hosts <= Self.mostTabuHosts {
      runTabu()
    } else if problem.sites > 1, goal.measure == .cost, problem.isService || problem.price.allSatisfy({ $0 == 0 }) {
      runFamilies()
    } else if problem.sites > 1 {
      runChains()
    } else {
      runAnnealing()
    }
  }

  static let mostTabuVMs = 120
  static let mostTabuHosts = 240
  /// Steps per VM of one run of tabu search.
  static let mostTabuSteps = 1 << 20

  /// Trials of a descent after each round.
  private var quickTrials: Int { 20 * problem.n }

  /// Trials of the first descent, which with many VMs leads nowhere near what one multilevel cycle gets to in less
  /// time.
  private var firstTrials: Int { problem.sites > 1 ? min(quickTrials, max(problem.n, 40_000)) : quickTrials }

  private mutating func runTabu() {
    var steps = 200
    while !isOver {
      if let best { annealing.reset(to: best) }
      var state = annealing.state
      let hosts = Linearisation(problem, goal.measure, around: &state, evenShare: 0.5).overHosts()
      var tabu = RobustTabu(QuadraticState(hosts, state.hostOf), random: random)
      tabu.run { [budget, end, count = problem.n] in
        $0 > steps * count || budget.used(with: $0 * count * count / 2) >= end
      }
      random = tabu.random
      // At least one, so that rounds in which nothing can be tried use up the budget, too.
      budget.spend(max(1, tabu.steps * problem.n * problem.n / 2))
      annealing.reset(to: tabu.best.placement)
      annealing.quench(trials: quickTrials, budget: budget)
      anneal(trials: steps * problem.n * problem.n / 4)
      steps = min(2 * steps, Self.mostTabuSteps)
    }
  }

  /// Coolings, each twice as slow as the one before.
  private mutating func runAnnealing() {
    var trials = 100 * problem.n
    while !isOver {
      anneal(trials: trials)
      // A cooling in which nothing can be tried uses up the budget, too.
      annealing.quench(trials: quickTrials, budget: budget)
      trials = min(2 * trials, Self.mostTabuSteps * problem.n)
    }
  }

  /// One cooling from the best placement.
  private mutating func anneal(trials: Int) {
    if let best { annealing.reset(to: best) }
    let hot = annealing.meanDifference() * 0.3
    guard hot > 0 else { return }
    let (start, share) = (budget.used, Double(trials))
    var done = 0.0
    annealing.run(from: hot, to: hot * 1e-3, smooth: problem.coupled || goal.needsWatts, budget: budget) {
      [budget, end] in
      done += 512
      return max(done / share, (budget.used - start) / max(end - start, 1e-9))
    }
    annealing.quench(trials: quickTrials, budget: budget)
  }
}
