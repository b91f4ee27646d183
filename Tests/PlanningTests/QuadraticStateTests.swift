import Model
import Planning
import Testing

/// Differences that take constant time, against the plain formulas: those of cost where nothing in it depends on σ
/// (a service), those of time where σ is a plain sum (an independent application whose links are wide enough).
@Suite struct QuadraticStateTests {
  @Test(arguments: 0..<60, [Objective.cost, .time]) func differencesAreThoseOfTheFormulas(
    seed: Int, objective: Objective
  ) throws {
    var question = RandomQuestion(seed: seed, vms: 8, limited: false)
    question.application.objective = objective
    question.application.coupling = .independent
    question.application.remainingHours = objective == .cost ? nil : 10
    if objective == .time { question.federation.removeBandwidths() }
    let instance = try question.instance()
    var random = FixedRandom(seed)
    let start = instance.vms.map { _ in Int.random(in: instance.hosts.indices, using: &random) }
    let problem = SearchProblem(instance)
    var around = SearchState(problem, start)
    let linear = Linearisation(problem, objective == .cost ? .cost : .seconds, around: &around, evenShare: 0.5)
    var state = QuadraticState(linear.overHosts(), start)
    var before = PlacementEvaluation(of: start, in: instance)
    for step in 0..<100 {
      let (first, second) = (random.pick([0, 1, 2, 3]), random.pick([4, 5, 6, 7]))
      let isSwap = step % 2 == 0
      let from = state.placeOf[first]
      let to = isSwap ? state.placeOf[second] : Int.random(in: instance.hosts.indices, using: &random)
      if from == to { continue }
      var difference = state.difference(first, to: to)
      if isSwap { difference += state.difference(second, to: from) + state.correction(first, second) }
      let overload = state.overload + state.overloadDifference(first, isSwap ? second : -1, to)
      state.move(first, to: to)
      if isSwap { state.move(second, to: from) }
      #expect(isClose(state.overload, overload, 1))
      let after = PlacementEvaluation(of: state.placeOf, in: instance)
      // What can't be moved has no price.
      if (before.moves + after.moves).allSatisfy({ (try? $0.migration.get()) != nil }) {
        let (old, new) = (instance.key(of: before).first, instance.key(of: after).first)
        #expect(isClose(difference, new - old, old))
      }
      before = after
    }
  }

  private func isClose(_ value: Double, _ expected: Double, _ scale: Double) -> Bool {
    abs(value - expected) <= 1e-9 * max(1, abs(scale))
  }
}

extension Federation {
  fileprivate mutating func removeBandwidths() {
    for pair in links.pairs.keys { links.pairs[pair]?.bandwidthMbps = nil }
    links.sameSite.bandwidthMbps = nil
    links.betweenSites.bandwidthMbps = nil
  }
}
