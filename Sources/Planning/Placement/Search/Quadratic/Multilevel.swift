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
  /// Steps of annealing per item and place at the coarsest level, and per item at the others; 0: refinement only.
  var coarseSteps = 300
  var fineSteps = 100
  let exponential = ExponentialTable()
  /// First placements tried at the coarsest level.
  var starts = 8

  private var isOver: Bool { budget.used >= end }

  /// One descent and return. From a placement the result is that or better; without one it is new each time.
  /// - Returns: nil where the budget ended on the way down; where it ends later, levels are left as they come.
  mutating func cycle(from placement: [Int]? = nil) -> [Int]? {
    var levels: [(problem: QuadraticProblem, parent: [Int])] = []
    var level = problem
    var kept = placement
    let most = largestItem
    while level.items > max(24, 4 * problem.places),
      let step = Coarsening(level, keeping: kept, largestVCPUs: most.vcpus, largestMemory: most.memory, random: &random)
    {
      if let fine = kept {
        var coarse = [Int](repeating: 0, count: step.coarse.items)
        for item in fine.indices { coarse[step.parent[item]] = fine[item] }
        kept = coarse
      }
      levels.append((level, step.parent))
      level = step.coarse
      if isOver { return nil }
    }
    let isFresh = kept == nil
    var result = kept.map { refined(QuadraticState(level, $0)) } ?? bestStart(level)
    if coarseSteps > 0 {
      result = annealed(level, result, heat: isFresh ? 0.2 : 0.02, steps: coarseSteps * level.items * level.places)
    }
    for (fine, parent) in levels.reversed() {
      let placement = parent.map { result.placement[$0] }
      if isOver {
        result.placement = placement
        continue
      }
      result = refined(QuadraticState(fine, placement))
      if fineSteps > 0 { result = annealed(fine, result, heat: 0.02, steps: fineSteps * fine.items) }
    }
    return result.placement
  }

  /// So large an item may grow: several must fit at each place.
  private var largestItem: (vcpus: Double, memory: Double) {
    let share = { (rooms: [Double], sizes: [Double]) in
      let room = rooms.filter { $0 > 0 }.min() ?? 0
      let even = sizes.reduce(0, +) / Double(max(1, 3 * rooms.count))
      return max(min(room / 3, even), sizes.max() ?? 0)
    }
    return (share(problem.roomVCPUs, problem.vcpus), share(problem.roomMemory, problem.memory))
  }

  private func refined(_ state: QuadraticState) -> Result {
    var refinement = Refinement(state)
    refinement.run(patience: patience) { isOver }
    return Result(
      placement: refinement.state.placeOf, overload: refinement.state.overload, cost: refinement.state.cost)
  }

  /// - Parameter heat: of the first temperature, as a share of the mean size of moves' differences.
  private mutating func annealed(_ problem: QuadraticProblem, _ start: Result, heat: Double, steps: Int) -> Result {
    var annealing = QuadraticAnnealing(
      QuadraticState(problem, start.placement), random: random, exponential: exponential)
    let hot = annealing.meanDifference() * heat
    annealing.run(from: hot, to: hot * 0.005, steps: steps) { done in
      budget.spend(done)
      return isOver
    }
    random = annealing.random
    let result = annealing.result
    return refined(QuadraticState(problem, result.placement))
  }

  /// The best of several greedy placements, each refined.
  private mutating func bestStart(_ problem: QuadraticProblem) -> Result {
    var best = refined(greedy(problem))
    for _ in 1..<starts where !isOver {
      let other = refined(greedy(problem))
      if other.isBetter(than: best) { best = other }
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
