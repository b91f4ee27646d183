import Model
import Planning
import Testing

/// Two sites 10 ms and 10⁸ bytes/s apart; x at a1 (speed 1) sends y at b1 (speed 2) 10⁷ bytes/s, with two waits a
/// second between them. Every expected figure is worked out by hand.
@Suite struct PlacementEvaluationTests {
  let federation = Federation(
    sites: [
      Site(name: "a", hosts: [Host(name: "a1", vcpus: 4, watts: 100)]),
      Site(name: "b", price: Price(vmHour: 0.36), hosts: [Host(name: "b1", vcpus: 1, speed: 2, watts: 50)]),
    ],
    links: Links(betweenSites: Link(latencyMs: 10, bandwidthMbps: 800)),
    egress: Egress(pairs: [OrderedPair(from: "b", to: "a"): 0.1, OrderedPair(from: "a", to: "b"): 0.2]))
  // 47.68371582 MiB/s are 5·10⁷ bytes/s: half of what the link carries.
  let application = Application(
    name: "pair", remainingHours: 1,
    vms: [
      VM(name: "x", memoryGiB: 1, cpu: 0.5, dirtyMiBps: 200, host: "a1"),
      VM(name: "y", memoryGiB: 1, cpu: 0.5, dirtyMiBps: 5e7 / 1_048_576, host: "b1"),
    ])
  let traffic = TrafficMatrix(
    rows: [
      TrafficMatrix.Row(source: .name("x"), destination: .name("y"), ipBytes: 1e8, waits: 10),
      TrafficMatrix.Row(source: .name("y"), destination: .name("x"), waits: 10),
    ], hasWaits: true)

  func instance(_ change: (inout Application) -> Void = { _ in }) throws -> PlacementInstance {
    var application = application
    change(&application)
    return try PlacementInstance(
      federation: federation, application: application, traffic: traffic, windowSeconds: 10,
      now: Timestamp(nanoseconds: 0), task: .move)
  }

  @Test func presentPlacementHasSlowdownOne() throws {
    let evaluation = PlacementEvaluation(of: [0, 1], in: try instance())
    #expect(evaluation.slowdown == 1)
    #expect(evaluation.seconds == 3600)
    #expect(evaluation.slowdowns.map(\.wait) == [0.02, 0.02])
    #expect(close(evaluation.slowdowns[0].link, 0.105))
    #expect(close(evaluation.slowdowns[0].idle, 0.375))
    #expect(evaluation.moves.isEmpty)
    #expect(close(evaluation.cost.hosting, 0.36))
    // 3.6·10¹⁰ bytes from a to b.
    #expect(close(evaluation.cost.egress, 7.2))
    #expect(evaluation.watts == 150)
    #expect(evaluation.isFeasible)
  }

  @Test func movedTogether() throws {
    let evaluation = PlacementEvaluation(of: [0, 0], in: try instance())
    // y: 0.5 of computing at half the speed, 0.375 idle.
    #expect(close(evaluation.slowdown, 1.375))
    #expect(close(evaluation.seconds, 4950))
    #expect(evaluation.cost.hosting == 0)
    #expect(evaluation.cost.egress == 0)
    let migration = try #require(evaluation.moves.first).migration.get()
    #expect(migration.rounds == 6)
    #expect(close(migration.bytes, 2_130_706_432))
    #expect(close(migration.seconds, 21.30706432))
    #expect(close(evaluation.totalSeconds, 4950.21777216))
    #expect(close(evaluation.cost.migration, 0.2130706432 + 0.002130706432))
    #expect(evaluation.watts == 100)
  }

  @Test func independentVMsTakeTheirMean() throws {
    let evaluation = PlacementEvaluation(of: [0, 0], in: try instance { $0.coupling = .independent })
    #expect(close(evaluation.slowdown, (0.875 + 1.375) / 2))
  }

  @Test func violationsAreNamed() throws {
    let instance = try instance {
      $0.constraints = [.pin(vm: "x", sites: ["a"]), .apart(["x", "y"]), .ban(vm: "y", sites: ["b"])]
      $0.budget = 1
      $0.deadline = Timestamp(seconds: 1800)
    }
    let evaluation = PlacementEvaluation(of: [1, 1], in: instance)
    // comp of x on speed 2, y as before; no waits.
    #expect(close(evaluation.slowdown, 0.875))
    #expect(
      evaluation.violations.map(\.description) == [
        "pin: VM x is at b, not at a",
        "apart: VMs x and y are on one host, b1",
        "ban: VM y is at b",
        "host b1: 2 vCPUs used of 1",
        "deadline: in 30 min, the run ends in 52.5 min",
        "VM x can't be moved from a1 to b1: it dirties memory at 2.1 times the link's bandwidth",
      ])
  }

  private func close(_ value: Double, _ expected: Double) -> Bool { abs(value - expected) <= 1e-12 * abs(expected) }
}
