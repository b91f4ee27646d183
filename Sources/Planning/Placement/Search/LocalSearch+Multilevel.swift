/// Multilevel search. Where σ needs no linearising, in families of placements over sites. Else in chains of rounds: a
/// round starts from the best placement of its chain, with σ taken as linear around it, and a chain that no longer gets
/// better gives way to the next.
///
/// Chains are in turn new ones from scratch, which get to other parts of what is possible, and ones from the ends of
/// two others or the best placement of all.
extension LocalSearch {
  private struct Chain {
    var placement: [Int]
    var energy: Double
    var rounds = 0
    /// Rounds since the last that made it better.
    var idle = 0

    var isStuck: Bool { idle > 2 + rounds / 8 }

    mutating func take(_ placement: [Int], _ energy: Double) {
      rounds += 1
      idle = energy < self.energy - abs(self.energy) * 1e-4 ? 0 : idle + 1
      if energy < self.energy { (self.placement, self.energy) = (placement, energy) }
    }
  }

  /// Cycles over sites where σ needs no linearising: from scratch until there are some placements, then mostly from two
  /// of them at once. Where that leads no further, others from scratch, and now and then the best of each such family.
  mutating func runFamilies() {
    var state = annealing.state
    let sites = Linearisation(problem, goal.measure, around: &state, evenShare: 0.5).overSites()
    var multilevel = Multilevel(
      problem: Coarsening.join(sites, problem.block, problem.blocks.count), random: random, budget: budget, end: end)
    var families = Families(most: 8)
    // From scratch, each way once; later the one that had the best result then, mostly.
    var bestOf = [Multilevel.Manner: Multilevel.Result]()
    while !isOver {
      multilevel.manner = manner(bestOf)
      let child: Multilevel.Result?
      if let (first, second) = families.parents(&random) {
        child = multilevel.cycle(from: first.placement, beside: second.placement)
      } else {
        child = multilevel.cycle()
        if let child, bestOf[multilevel.manner].map(child.isBetter) ?? true { bestOf[multilevel.manner] = child }
      }
      guard let child else { return }
      // Cycles in which nothing can be tried use up the budget, too.
      budget.spend(problem.n)
      guard families.take(child) else { continue }
      annealing.repack(problem.block.map { child.placement[$0] })
      annealing.quench(trials: 5 * problem.n, budget: budget)
    }
  }

  /// Of more VMs one cycle of whole groups takes more than a minute.
  private var isForWholeGroups: Bool { problem.n <= 20_000 }

  /// One that wasn't tried yet; then mostly the best. Where that is borders, others are for once in a while: theirs are
  /// cycles that take ten times as long.
  private mutating func manner(_ bestOf: [Multilevel.Manner: Multilevel.Result]) -> Multilevel.Manner {
    let manners: [Multilevel.Manner] =
      isForWholeGroups ? [.wholeGroups, .groups, .borders] : [.groups, .borders]
    var best = manners[0]
    for manner in manners {
      guard let result = bestOf[manner] else { return manner }
      if let other = bestOf[best], result.isBetter(than: other) { best = manner }
    }
    return random.next(below: best == .borders ? 64 : 4) == 0 ? manners[random.next(below: manners.count)] : best
  }

  mutating func runChains() {
    // From scratch there is no way back to what earlier passes found.
    var ends = Population(most: 8)
    var begun = 0
    var chain = goal.hasCaps ? chainFromBest : nil
    var beside: [Int]?
    while !isOver {
      // A new chain takes σ as linear around the best placement of all.
      if let start = chain?.placement ?? best { annealing.reset(to: start) }
      guard let sites = round(isNew: chain == nil, beside: beside) else { return }
      annealing.repack(sites)
      annealing.quench(trials: 5 * problem.n, budget: budget)
      // Rounds in which nothing can be tried use up the budget, too.
      budget.spend(1)
      var next = chain ?? Chain(placement: annealing.state.hostOf, energy: annealing.energy)
      next.take(annealing.state.hostOf, annealing.energy)
      (chain, beside) = (next, nil)
      guard next.isStuck else { continue }
      ends.take(Multilevel.Result(placement: next.placement, overload: 0, cost: next.energy))
      begun += 1
      if begun % 3 < 2, !goal.hasCaps {
        chain = nil
      } else if begun % 2 == 0, let (first, second) = ends.pair(&random) {
        chain = Chain(placement: first.placement, energy: first.cost)
        beside = second.placement
      } else {
        chain = chainFromBest
      }
    }
  }

  private var chainFromBest: Chain? {
    best.map { Chain(placement: $0, energy: annealing.bestValue) }
  }

  /// - Returns: by VM, the site that one multilevel cycle puts it on; nil where the budget ended before.
  private mutating func round(isNew: Bool, beside other: [Int]?) -> [Int]? {
    var state = annealing.state
    // What now is slowest needn't be in a new one.
    let evenShare = [0.25, 0.5, 1][random.next(below: 3)]
    let sites = Linearisation(problem, goal.measure, around: &state, evenShare: evenShare).overSites()
    var multilevel = Multilevel(
      problem: Coarsening.join(sites, problem.block, problem.blocks.count), random: random, budget: budget, end: end)
    multilevel.manner =
      switch random.next(below: 8) {
      case 0: .groups
      case 1: .largeGroups
      case 2: isNew ? .groups : .borders
      default: isForWholeGroups ? .wholeGroups : .groups
      }
    defer { random = multilevel.random }
    let found = multilevel.cycle(from: isNew ? nil : overSites(state.hostOf), beside: other.map(overSites))
    return found.map { found in problem.block.map { found.placement[$0] } }
  }

  /// By block, where a placement has it.
  private func overSites(_ placement: [Int]) -> [Int] {
    problem.blocks.map { problem.hostSite[placement[$0[0]]] }
  }
}
