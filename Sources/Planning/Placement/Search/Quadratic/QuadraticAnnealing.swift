/// Simulated annealing of an assignment by moves and swaps, each judged in constant time; overfull places cost what
/// rises as it cools, and as long as there are any.
struct QuadraticAnnealing {
  private(set) var state: QuadraticState
  var random: SplitMix64
  let exponential: ExponentialTable
  private var bestPlacement: [Int]
  private var changed: ChangeLog
  private var bestRank: (overload: Double, cost: Double)

  init(_ state: QuadraticState, random: SplitMix64, exponential: ExponentialTable) {
    self.state = state
    self.random = random
    self.exponential = exponential
    bestPlacement = state.placeOf
    changed = ChangeLog(count: state.placeOf.count)
    bestRank = (state.overload, state.cost)
  }

  /// The best placement that it went through.
  var best: QuadraticState {
    var best = state
    for item in bestPlacement.indices { best.move(item, to: bestPlacement[item]) }
    return best
  }

  /// Mean size of the differences that single moves make.
  mutating func meanDifference() -> Double {
    let problem = state.problem
    var (sum, count) = (0.0, 0)
    for _ in 0..<256 {
      let item = random.next(below: problem.items)
      let difference = abs(state.difference(item, to: random.next(below: problem.places)))
      guard difference > 0, difference < .infinity else { continue }
      sum += difference
      count += 1
    }
    return count > 0 ? sum / Double(count) : 0
  }

  private static let mostFactor = 100.0

  /// - Parameter isOver: told every few steps how many there were since, ends the run.
  mutating func run(from hot: Double, to cold: Double, steps: Int, isOver: (_ done: Int) -> Bool) {
    let problem = state.problem
    guard problem.places > 1, hot > 0 else { return }
    let meanVCPUs = max(problem.vcpus.reduce(0, +) / Double(problem.items), 1e-9)
    var (overload, cost) = (state.overload, state.cost)
    var temperature = hot
    var (penalty, factor) = (0.0, 1.0)
    for step in 0..<steps {
      if step % 256 == 0 {
        if isOver(256) { return }
        let done = Double(step) / Double(steps)
        temperature = hot * Annealing.power(cold / hot, done)
        // What holds a group of items together can be worth far more than the temperature: then places stay overfull
        // until the penalty is worth more still.
        factor = overload > 0 ? min(factor * 1.05, Self.mostFactor) : max(1, factor / 1.05)
        penalty = factor * hot * (0.5 + 8 * done) / meanVCPUs
      }
      let item = random.next(below: problem.items)
      let from = state.placeOf[item]
      var other = -1
      let place: Int
      if random.next() & 1 == 0 {
        place = random.next(below: problem.places)
      } else {
        other = random.next(below: problem.items)
        place = state.placeOf[other]
      }
      if place == from { continue }
      var difference = state.difference(item, to: place)
      if other >= 0 { difference += state.difference(other, to: from) + state.correction(item, other) }
      guard difference < .infinity else { continue }
      let more = state.overloadDifference(item, other, place)
      if difference + penalty * more > temperature * exponential.next(&random) { continue }
      state.move(item, to: place)
      changed.note(item)
      if other >= 0 {
        state.move(other, to: from)
        changed.note(other)
      }
      cost += difference
      overload += more
      if overload < 1e-9 { overload = 0 }
      if (overload, cost) < (bestRank.overload, bestRank.cost - 1e-12 * abs(bestRank.cost)) {
        bestRank = (overload, cost)
        changed.update(&bestPlacement, to: state.placeOf)
      }
    }
  }
}
