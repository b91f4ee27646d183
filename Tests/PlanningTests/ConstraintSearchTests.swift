import Model
import Planning
import Testing

/// Maxima, headroom, residency, drained places, CPU models, QEMU versions and other managers, mixed at random: what the
/// searches make of them against the plain constraints.
@Suite struct ConstraintSearchTests {
  static func instance(seed: Int, vms: Int) throws -> PlacementInstance {
    var question = RandomQuestion(seed: seed, vms: vms)
    question.constrain(seed)
    return try question.instance()
  }

  @Test(arguments: 0..<150) func theSolverFindsWhatEnumerationFinds(seed: Int) throws {
    let instance = try Self.instance(seed: seed, vms: 3 + seed % 3)
    let best = instance.bestByEnumeration()
    let solution = PlacementSolver(limits: .steps).solve(instance)
    #expect(solution.proven)
    #expect(solution.placement == best?.placement)
  }

  @Test(arguments: 0..<60) func figuresAfterMovesAreThoseOfTheFormulas(seed: Int) throws {
    let instance = try Self.instance(seed: seed, vms: 7)
    let problem = SearchProblem(instance)
    var random = FixedRandom(seed)
    var placement = instance.vms.map { _ in Int.random(in: instance.hosts.indices, using: &random) }
    var state = SearchState(problem, placement)
    for _ in 0..<200 {
      let vm = Int.random(in: placement.indices, using: &random)
      placement[vm] = Int.random(in: instance.hosts.indices, using: &random)
      state.move(vm, to: placement[vm])
      let late = state.lateExcess(state.figures(), Goal(measure: .cost))
      let evaluation = PlacementEvaluation(of: placement, in: instance)
      #expect((state.broken == 0 && late == 0) == evaluation.isFeasible, "\(evaluation.violations)")
    }
  }

  /// Where nothing fits, each of the clash's requirements is needed: without it something fits.
  @Test(arguments: 0..<150) func clashesAreIrreducible(seed: Int) throws {
    var question = RandomQuestion(seed: seed, vms: 4)
    question.constrain(seed)
    let planner = try Planner(
      federation: question.federation, application: question.application, traffic: question.traffic, windowSeconds: 10,
      now: RandomQuestion.now, task: question.task)
    guard planner.instance.bestByEnumeration() == nil else { return }
    let (asked, clash) = planner.evidentClash() ?? planner.searchedClash(within: 60, of: .steps)
    #expect(!clash.requirements.isEmpty)
    let all = Requirement.all(of: asked.application, in: asked.instance).flatMap(\.refined)
    let others = all.filter { other in !clash.requirements.contains { $0 == other || $0.refined.contains(other) } }
    #expect(try #require(asked.without(others)).instance.bestByEnumeration() == nil)
    for requirement in clash.requirements {
      #expect(try #require(asked.without(others + [requirement])).instance.bestByEnumeration() != nil, "\(requirement)")
    }
  }
}

extension RandomQuestion {
  /// Adds some of the further constraints.
  mutating func constrain(_ seed: Int) {
    var random = FixedRandom(seed &* 31 &+ 7)
    let names = application.vms.map(\.name)
    federation.cpuModels = [CPUModel(name: "Haswell", runs: ["IvyBridge"]), CPUModel(name: "IvyBridge", runs: ["Penryn"])]
    for site in federation.sites.indices {
      federation.sites[site].jurisdictions = random.pick([[], ["EU"], ["EU", "FR"], ["US"]])
      if random.chance(0.15) { federation.sites[site].headroom = random.pick([0.1, 0.5]) }
      if random.chance(0.1) { federation.sites[site].isDrained = true }
      if random.chance(0.15) { federation.sites[site].quota.vms = random.pick([1, 2]) }
      for host in federation.sites[site].hosts.indices {
        if random.chance(0.1) { federation.sites[site].hosts[host].isDrained = true }
        if random.chance(0.1) { federation.sites[site].hosts[host].headroom = random.pick([0, 0.25]) }
        federation.sites[site].hosts[host].cpuModel = random.pick([nil, nil, "Haswell", "IvyBridge", "Penryn"])
        federation.sites[site].hosts[host].qemuVersion = random.pick([nil, nil, QEMUVersion(8, 2), QEMUVersion(7, 2)])
      }
    }
    for vm in application.vms.indices where random.chance(0.1) { application.vms[vm].managedBy = "Nova" }
    if random.chance(0.3) { application.constraints.append(.spread(names, maximumPerSite: random.pick([1, 2]))) }
    if random.chance(0.2) {
      application.constraints.append(.residency([names[0], names[1]], jurisdictions: random.pick([["EU"], ["FR", "US"]])))
    }
  }
}
