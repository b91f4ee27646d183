/// Multilevel search: items are joined pair by pair until few are left, those are placed, and each level back is
/// refined from the one above.
struct Multilevel {
  struct Result {
    var placement: [Int]
    /// What is at places beyond their room.
    var overload: Double
    var cost: Double

    func isBetter(than other: Result) -> Bool { (overload, cost) < (other.overload, other.cost) }
  }

  let problem: QuadraticProblem
  var random: SplitMix64
  /// Spent step by step; a cycle ends early once this share of it is used.
  let budget: SearchBudget
  let end: Double
  /// Moves without gain after which a pass of refinement ends.
  var patience = 100
  var manner = Manner.groups
  let exponential = ExponentialTable()
  /// First placements tried at the coarsest level.
  var starts = 8

  var isOver: Bool { budget.used >= end }

  /// One descent and return. From a placement the result is that or better; without one it is new each time.
  /// - Parameter other: a second placement, of whose places none are joined either: what both have in common stays
  ///   whole, and where they differ the better parts of each can be had (Sanders and Schulz, "Distributed Evolutionary
  ///   Graph Partitioning", ALENEX 2012).
  /// - Returns: nil where the budget ended on the way down; where it ends later, levels are left as they come.
  mutating func cycle(from placement: [Int]? = nil, beside other: [Int]? = nil) -> Result? {
    var levels: [(problem: QuadraticProblem, parent: [Int])] = []
    var level = problem
    var kept = placement
    var labels = placement
    if let other { for item in other.indices { labels?[item] += problem.places * other[item] } }
    let most = largestItem
    while level.items > coarsest, let step = coarser(level, keeping: labels, most) {
      kept = kept.map { step.lifted($0) }
      labels = labels.map { step.lifted($0) }
      budget.spend(level.items)
      levels.append((level, step.parent))
      level = step.coarse
      if isOver { return nil }
    }
    let isFresh = kept == nil
    if manner.slackens, !levels.isEmpty { level = level.withSlack() }
    var state = kept.map { refined(QuadraticState(level, $0)) } ?? bestStart(level)
    state = annealed(
      state, heat: isFresh ? 1 : 0.02, steps: manner.coarseSteps * level.items * level.places)
    var placement = state.placeOf
    for (depth, (fine, parent)) in levels.enumerated().reversed() {
      let fine = manner.slackens && depth > 0 ? fine.withSlack() : fine
      placement = parent.map { [placement] in placement[$0] }
      if isOver { continue }
      state = refined(QuadraticState(fine, placement))
      if manner.cutsBorders { cutBorders(&state) }
      if manner.fineSteps > 0 { state = annealed(state, heat: 0.02, steps: manner.fineSteps * fine.items) }
      placement = state.placeOf
    }
    return Result(placement: placement, overload: problem.overload(of: placement), cost: problem.cost(of: placement))
  }

  /// The next level down, by the first of the manner's rules that leads on.
  private mutating func coarser(
    _ level: QuadraticProblem, keeping labels: [Int]?, _ most: (vcpus: Double, memory: Double)
  ) -> Coarsening? {
    for (index, rule) in manner.rules.enumerated()
    where index == 0 || level.items > manner.enoughPerPlace * problem.places {
      if let step = Coarsening(
        level, keeping: labels, largestVCPUs: most.vcpus, largestMemory: most.memory, rule: rule,
        random: &random)
      {
        return step
      }
    }
    return nil
  }

  /// With so many items the way down ends.
  private var coarsest: Int { max(manner.fewestItems, manner.itemsPerPlace * problem.places) }

  /// So large an item may grow, by the room there is and by its mean.
  private var largestItem: (vcpus: Double, memory: Double) {
    let share = { [coarsest, manner] (rooms: [Double], sizes: [Double]) in
      let room = (manner.fillsLargest ? rooms.max() : rooms.filter { $0 > 0 }.min()) ?? 0
      let sum = sizes.reduce(0, +)
      let even = sum > 0 ? manner.largestShare * sum / Double(coarsest) : 0
      return max(min(room / manner.leastPerPlace, even), sizes.max() ?? 0)
    }
    return (share(problem.roomVCPUs, problem.vcpus), share(problem.roomMemory, problem.memory))
  }

  private func refined(_ state: QuadraticState) -> QuadraticState {
    var (state, refinement) = (state, Refinement(state.problem))
    refine(&state, with: &refinement)
    return state
  }

  func refine(_ state: inout QuadraticState, with refinement: inout Refinement) {
    refinement.run(&state, patience: patience) { done in
      budget.spend(done)
      return isOver
    }
  }

  /// - Parameter heat: of the first temperature, as a share of the mean size of moves' differences.
  private mutating func annealed(_ state: QuadraticState, heat: Double, steps: Int) -> QuadraticState {
    var annealing = QuadraticAnnealing(state, random: random, exponential: exponential)
    let hot = annealing.meanDifference() * heat
    annealing.run(from: hot, to: hot * 0.005, steps: steps) { done in
      budget.spend(done)
      return isOver
    }
    random = annealing.random
    return refined(annealing.best)
  }

  /// The best of several greedy placements, each refined.
  private mutating func bestStart(_ problem: QuadraticProblem) -> QuadraticState {
    var best = refined(greedy(problem))
    for _ in 1..<starts where !isOver {
      let other = refined(greedy(problem))
      if (other.overload, other.cost) < (best.overload, best.cost) { best = other }
    }
    return best
  }

  /// Items in random order, larger ones earlier, each where it fits at the least cost with those placed before.
  private mutating func greedy(_ problem: QuadraticProblem) -> QuadraticState {
    var state = QuadraticState(problem)
    let mean = max(problem.vcpus.reduce(0, +) / Double(problem.items), 1e-9)
    let keys = problem.vcpus.map { $0 / mean + 2 * Double(random.next(below: 1024)) / 1024 }
    for item in keys.indices.sorted(by: { keys[$0] > keys[$1] }) {
      var (best, bestCost, bestOver) = (0, Double.infinity, Double.infinity)
      let first = random.next(below: problem.places)
      for offset in 0..<problem.places {
        let place = (first + offset) % problem.places
        let cost = state.costs[item * problem.places + place]
        guard cost < .infinity else { continue }
        let over =
          max(0, state.usedVCPUs[place] + problem.vcpus[item] - problem.roomVCPUs[place])
          + max(0, state.usedMemory[place] + problem.memory[item] - problem.roomMemory[place])
        if (over, cost) < (bestOver, bestCost) { (best, bestCost, bestOver) = (place, cost, over) }
      }
      state.move(item, to: best)
    }
    return state
  }
}
