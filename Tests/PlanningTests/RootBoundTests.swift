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

  /// Six VMs of one vCPU, who talk to nobody: four find room at 1 per hour, two have to pay 2; for an hour, so 8.
  @Test func countsTheRoomOfCheapSites() throws {
    let federation = Federation(sites: [
      Site(name: "cheap", price: Price(vcpuHour: 1), hosts: [Host(name: "a", vcpus: 4)]),
      Site(name: "dear", price: Price(vcpuHour: 2), hosts: [Host(name: "b", vcpus: 4)]),
    ])
    let vms = (0..<6).map { VM(name: "vm\($0)") }
    let bound = bound(try instance(federation, vms))
    #expect(bound > 7.99)
    #expect(bound <= 8 * (1 + 1e-12))
  }

  /// The same with a block of four that can't be divided, and another of two: 4 and 4.
  @Test func movesBlocksAsAWhole() throws {
    let federation = Federation(sites: [
      Site(name: "cheap", price: Price(vcpuHour: 1), hosts: [Host(name: "a", vcpus: 3)]),
      Site(name: "dear", price: Price(vcpuHour: 2), hosts: [Host(name: "b", vcpus: 6)]),
    ])
    let vms = (0..<6).map { VM(name: "vm\($0)") }
    let together = [["vm0", "vm1", "vm2", "vm3"], ["vm4", "vm5"]].map(Constraint.together)
    let bound = bound(try instance(federation, vms, together))
    #expect(bound > 9)
    #expect(bound <= 10 * (1 + 1e-12))
  }

  /// Too many VMs and hosts to look at each pair of them: 8,000 vCPUs at 1 per hour, 2,000 at 3.
  @Test func isNearTheOptimumOfManyVMs() throws {
    let federation = Federation(
      sites: [(1.0, 800), (3, 400)].enumerated().map { site, value in
        Site(
          name: "s\(site)", price: Price(vcpuHour: value.0),
          hosts: (0..<value.1).map { Host(name: "s\(site)h\($0)", vcpus: 10) })
      })
    let vms = (0..<5_000).map { VM(name: "vm\($0)", vcpus: 2) }
    let bound = bound(try instance(federation, vms))
    #expect(bound > 14_000 * 0.999)
    #expect(bound <= 14_000 * (1 + 1e-12))
  }

  @Test(arguments: 0..<300) func ofSitesIsAtMostTheOptimum(seed: Int) throws {
    let instance = try RandomQuestion(seed: seed, vms: 3 + seed % 3).instance()
    guard let best = instance.bestByEnumeration() else { return }
    let problem = SearchProblem(instance)
    let bound = SiteBound(problem, PairFloors(problem)).value(of: instance.objective)
    #expect(bound <= instance.key(of: best).first * (1 + 1e-12))
  }

  private func instance(
    _ federation: Federation, _ vms: [VM], _ constraints: [Constraint] = []
  ) throws -> PlacementInstance {
    try PlacementInstance(
      federation: federation,
      application: Application(name: "a", objective: .cost, remainingHours: 1, vms: vms, constraints: constraints),
      traffic: TrafficMatrix(rows: [], hasWaits: true), windowSeconds: 1, now: Timestamp(nanoseconds: 0), task: .place)
  }

  private func bound(_ instance: PlacementInstance) -> Double {
    let problem = SearchProblem(instance)
    return RootBound(problem, PairFloors(problem), instance.objective).value
  }
}
