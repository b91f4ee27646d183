import Model
import Planning
import Testing

@Suite struct PlacementSolverTests {
  @Test(arguments: 0..<150) func findsWhatEnumerationFinds(seed: Int) throws {
    let instance = try RandomQuestion(seed: seed, vms: 3 + seed % 2).instance()
    let best = instance.bestByEnumeration()
    let solution = PlacementSolver().solve(instance)
    #expect(solution.proven)
    #expect(solution.placement == best?.placement)
  }
}
