import Model
import Planning
import Testing

@Suite struct PlacementSolverTests {
  let solver = PlacementSolver(limits: .steps)

  @Test(arguments: 0..<200) func findsWhatEnumerationFinds(seed: Int) throws {
    let instance = try RandomQuestion(seed: seed, vms: 3 + seed % 3).instance()
    let best = instance.bestByEnumeration()
    let solution = solver.solve(instance)
    #expect(solution.proven)
    #expect(solution.placement == best?.placement)
    if let best {
      #expect(solution.bound == instance.key(of: best).first)
      #expect(solution.gap == 0)
    }
  }

  @Test(arguments: 0..<20) func orderOfVMsChangesNothing(seed: Int) throws {
    var question = RandomQuestion(seed: seed, vms: 6)
    let before = try question.instance()
    question.application.vms.reverse()
    let after = try question.instance()
    let (first, second) = (solver.solve(before), solver.solve(after))
    #expect(first.placement == second.placement?.reversed())
    #expect(first.proven && second.proven)
  }

  @Test(arguments: 0..<20) func moreRoomNeverCostsMore(seed: Int) throws {
    var question = RandomQuestion(seed: seed, vms: 5)
    let narrow = try question.instance()
    for site in question.federation.sites.indices {
      for host in question.federation.sites[site].hosts.indices {
        question.federation.sites[site].hosts[host].vcpus += 2
        question.federation.sites[site].hosts[host].memoryGiB = nil
      }
    }
    let wide = try question.instance()
    guard let tight = solver.solve(narrow).placement else { return }
    let roomy = try #require(solver.solve(wide).placement)
    let (cost, less) = (PlacementEvaluation(of: tight, in: narrow), PlacementEvaluation(of: roomy, in: wide))
    #expect(wide.key(of: less).first <= narrow.key(of: cost).first * (1 + 1e-12))
  }
}
