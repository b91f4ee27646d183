import Model
import Planning
import Testing

/// Figures kept up to date move by move, against the plain formulas.
@Suite struct SearchStateTests {
  @Test(arguments: 0..<60) func figuresAfterMovesAreThoseOfTheFormulas(seed: Int) throws {
    let instance = try RandomQuestion(seed: seed, vms: 7).instance()
    let problem = SearchProblem(instance)
    var random = FixedRandom(seed)
    var placement = instance.vms.map { _ in Int.random(in: instance.hosts.indices, using: &random) }
    var state = SearchState(problem, placement)
    for step in 0..<200 {
      if step % 3 == 0 {
        let (first, second) = (random.pick([0, 1, 2, 3]), random.pick([4, 5, 6]))
        state.move(first, to: placement[second])
        state.move(second, to: placement[first])
        placement.swapAt(first, second)
      } else {
        let vm = Int.random(in: placement.indices, using: &random)
        placement[vm] = Int.random(in: instance.hosts.indices, using: &random)
        state.move(vm, to: placement[vm])
      }
      #expect(state.hostOf == placement)
      expectSame(&state, PlacementEvaluation(of: placement, in: instance))
    }
  }

  private func expectSame(_ state: inout SearchState, _ evaluation: PlacementEvaluation) {
    let figures = state.figures()
    #expect(isClose(figures.slowdown, evaluation.slowdown))
    #expect(isClose(figures.downtime, evaluation.downtimeSeconds))
    // What can't be moved has no price: then only the fact counts.
    let isMovable = evaluation.moves.allSatisfy { (try? $0.migration.get()) != nil }
    if isMovable { #expect(isClose(figures.cost, evaluation.cost.total)) }
    #expect(figures.watts == evaluation.watts)
    let late = state.lateExcess(figures, Goal(measure: .cost))
    #expect((state.broken == 0 && late == 0) == evaluation.isFeasible)
  }

  /// Relative to the value, and to 1 where it is small: sums that come back to 0 leave rounding.
  private func isClose(_ value: Double, _ expected: Double) -> Bool {
    abs(value - expected) <= 1e-9 * max(1, abs(expected))
  }
}
