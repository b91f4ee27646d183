/// Robust tabu search (Taillard, "Robust Taboo Search for the Quadratic Assignment Problem", Parallel Computing 17,
/// 1991), for items that fill places or leave room: each step makes the best swap or move that is allowed, be it for
/// the worse, and forbids the items to return for a random while. Every difference takes constant time, and a step as
/// many as there are pairs of items.
struct RobustTabu {
  private(set) var state: QuadraticState
  var random: SplitMix64
  private(set) var best: Multilevel.Result
  private var cost: Double
  /// By item and place: the step until which the item may not return there.
  private var tabu: [Int]
  /// By pair of items, index `first · items + second`: their entry of the traffic, or −1.
  private let entryOf: [Int]
  private let leastVCPUs: Double
  private let leastMemory: Double
  private(set) var steps = 0

  /// - Parameter state: all items placed, without overload.
  init(_ state: QuadraticState, random: SplitMix64) {
    self.state = state
    self.random = random
    let problem = state.problem
    cost = state.cost
    best = Multilevel.Result(placement: state.placeOf, overload: state.overload, cost: cost)
    tabu = [Int](repeating: 0, count: problem.items * problem.places)
    var entryOf = [Int](repeating: -1, count: problem.items * problem.items)
    for item in 0..<problem.items {
      for entry in problem.entries(of: item) { entryOf[item * problem.items + problem.peers[entry]] = entry }
    }
    self.entryOf = entryOf
    leastVCPUs = problem.vcpus.min() ?? 0
    leastMemory = problem.memory.min() ?? 0
  }

  /// - Parameter isOver: asked every few steps.
  mutating func run(isOver: (_ steps: Int) -> Bool) {
    let problem = state.problem
    let items = problem.items
    // After so many steps without a choice of them, a pair of places is allowed (and wanted) again.
    let longAgo = 5 * items * items
    while !(steps % 64 == 0 && isOver(steps)) {
      steps += 1
      var (chosen, partner, target) = (-1, -1, -1)
      var least = Double.infinity
      var isForced = false
      let spare = (0..<problem.places).contains { place in hasSpare(place) }
      for item in 0..<items {
        let from = state.placeOf[item]
        let row = item * problem.places
        for other in item + 1..<items {
          let place = state.placeOf[other]
          if place == from { continue }
          var difference =
            state.costs[row + place] - state.costs[row + from] + state.costs[other * problem.places + from]
            - state.costs[other * problem.places + place]
          let entry = entryOf[item * items + other]
          if entry >= 0 { difference += state.correction(entry: entry, from, place) }
          let (mine, others) = (tabu[row + place], tabu[other * problem.places + from])
          let isTabu = mine > steps && others > steps
          let isBest = cost + difference < best.cost - 1e-12 * abs(best.cost)
          let isWanted = isBest || mine < steps - longAgo && others < steps - longAgo
          if isTabu && !isWanted || isForced && !isWanted { continue }
          guard isWanted && !isForced || difference < least else { continue }
          guard difference < .infinity, state.overloadDifference(item, other, place) <= 0 else { continue }
          (chosen, partner, target, least) = (item, other, place, difference)
          isForced = isForced || isWanted
        }
        for place in 0..<problem.places where spare && place != from {
          let difference = state.costs[row + place] - state.costs[row + from]
          guard difference < least, !isForced else { continue }
          let isBest = cost + difference < best.cost - 1e-12 * abs(best.cost)
          guard tabu[row + place] <= steps || isBest, state.overloadDifference(item, -1, place) <= 0 else { continue }
          (chosen, partner, target, least) = (item, -1, place, difference)
        }
      }
      guard chosen >= 0 else { continue }
      apply(chosen, partner, target)
      cost += least
      if cost < best.cost - 1e-12 * abs(best.cost) {
        best.cost = cost
        for item in best.placement.indices { best.placement[item] = state.placeOf[item] }
      }
    }
  }

  /// Whether the smallest item would still fit.
  private func hasSpare(_ place: Int) -> Bool {
    !exceeds(state.usedVCPUs[place] + leastVCPUs, state.problem.roomVCPUs[place])
      && !exceeds(state.usedMemory[place] + leastMemory, state.problem.roomMemory[place])
  }

  private mutating func apply(_ item: Int, _ other: Int, _ target: Int) {
    let problem = state.problem
    let from = state.placeOf[item]
    state.move(item, to: target)
    tabu[item * problem.places + from] = steps + tenure()
    if other >= 0 {
      state.move(other, to: from)
      tabu[other * problem.places + target] = steps + tenure()
    }
  }

  /// 0.9 to 1.1 times the items, as the paper has it, and at least 2.
  private mutating func tenure() -> Int {
    let items = state.problem.items
    return max(2, items * 9 / 10 + random.next(below: items / 5 + 1))
  }
}
