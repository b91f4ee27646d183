import Model
import Planning
import Testing

/// What must hold of any plan, whoever computes it.
@Suite struct PlanPropertyTests {
  @Test(arguments: try Entry.all()) func orderOfVMsAndSitesDoesNotMatter(_ entry: Entry) throws {
    let plan = try entry.planner().plan(within: .steps)
    let permuted = try entry.planner { federation, application in
      application.vms.reverse()
      application.constraints.reverse()
      federation.sites.reverse()
      for site in federation.sites.indices { federation.sites[site].hosts.reverse() }
    }.plan(within: .steps)
    #expect(permuted.decision == plan.decision)
    #expect(permuted.placement == plan.placement)
    #expect(permuted.moves.map(\.vm) == plan.moves.map(\.vm))
    #expect(permuted.orderable == plan.orderable)
  }

  @Test(arguments: try Entry.all()) func moreCapacityNeverCostsMore(_ entry: Entry) throws {
    let plan = try entry.planner().plan(within: .steps, needsMinimumGain: false)
    let roomy = try entry.planner { federation, _ in
      for site in federation.sites.indices {
        federation.sites[site].quota = Quota()
        for host in federation.sites[site].hosts.indices { federation.sites[site].hosts[host].vcpus += 1 }
      }
    }.plan(within: .steps, needsMinimumGain: false)
    guard let after = plan.after else { return }
    let better = try #require(roomy.after)
    switch plan.objective {
    case .cost: #expect(better.cost.total <= after.cost.total * (1 + 1e-9))
    case .time: #expect(better.seconds <= after.seconds * (1 + 1e-9))
    case .resources: #expect(better.watts <= after.watts * (1 + 1e-9))
    }
  }

  /// What clashes has no answer, in the whole question or in the part that is named; what is left when any one of it is
  /// left out has.
  @Test(arguments: try Entry.all().filter { $0.expected.decision == "infeasible" })
  func clashIsIrreducible(_ entry: Entry) throws {
    let planner = try entry.planner()
    let (question, clash) = planner.evidentClash() ?? planner.searchedClash(within: .infinity, of: .steps)
    #expect(clash.isIrreducible)
    #expect(!clash.requirements.isEmpty)
    // Hosts one by one, since a clash names some so.
    let all = Requirement.all(of: question.application, in: question.instance).flatMap(\.refined)
    let rest = Set(all).subtracting(clash.requirements.flatMap(\.refined))
    func isFeasible(without left: some Sequence<Requirement>) throws -> Bool {
      try #require(question.without(left)).plan(within: .steps).decision != .infeasible
    }
    #expect(try !isFeasible(without: rest))
    for requirement in clash.requirements { #expect(try isFeasible(without: rest.union(requirement.refined))) }
  }
}
