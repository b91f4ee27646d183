import Model
import Planning
import Testing

@Suite struct RootBoundTests {
  @Test(arguments: 0..<300) func isAtMostTheOptimum(seed: Int) throws {
    let instance = try RandomQuestion(seed: seed, vms: 3 + seed % 3).instance()
    guard let best = instance.bestByEnumeration() else { return }
    #expect(bound(instance) <= instance.key(of: best).first * (1 + 1e-12))
  }

  /// A VM alone, of a service that talks to nobody, costs what it does at its best host: the bound is the optimum.
  @Test(arguments: 0..<100) func isTheOptimumOfOneVMAlone(seed: Int) throws {
    var question = RandomQuestion(seed: seed, vms: 1, limited: false)
    question.traffic = TrafficMatrix(rows: [], hasWaits: true)
    question.application.remainingHours = nil
    question.application.objective = .cost
    let instance = try question.instance()
    let best = try #require(instance.bestByEnumeration())
    let optimum = instance.key(of: best).first
    #expect(abs(bound(instance) - optimum) <= 1e-12 * optimum)
  }

  private func bound(_ instance: PlacementInstance) -> Double {
    let problem = SearchProblem(instance)
    return RootBound(problem, PairFloors(problem), instance.objective).value
  }
}
