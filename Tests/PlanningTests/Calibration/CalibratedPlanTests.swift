import Model
import Planning
import Testing

/// x and y, a site apart, wait 0.6 s per second for each other (60 times 10 ms) and compute 0.2; a1 takes both.
@Suite struct CalibratedPlanTests {
  private func plan(waitFactor: Double?, cpu: Double = 0.2, speed: Double = 1) throws -> Plan {
    let federation = Federation(
      sites: [
        Site(name: "a", hosts: [Host(name: "a1", vcpus: 2, speed: speed)]),
        Site(name: "b", hosts: [Host(name: "b1", vcpus: 1)]),
      ], links: Links(betweenSites: Link(latencyMs: 10)))
    let application = Application(
      name: "t", objective: .time, remainingHours: 10, waitFactor: waitFactor,
      vms: [VM(name: "x", cpu: cpu, host: "a1"), VM(name: "y", cpu: cpu, host: "b1")])
    let rows = [
      TrafficMatrix.Row(source: .name("x"), destination: .name("y"), waits: 30),
      TrafficMatrix.Row(source: .name("y"), destination: .name("x"), waits: 30),
    ]
    return try Planner(
      federation: federation, application: application, traffic: TrafficMatrix(rows: rows, hasWaits: true),
      windowSeconds: 1, now: Timestamp(nanoseconds: 0), task: .move
    ).plan(within: .steps)
  }

  /// κ = 1: the wait of 0.6 goes, 0.4 of the time remain. κ = 0.5: half of it goes.
  @Test(arguments: [(nil, 1, 0.4), (1, 1, 0.4), (0.5, 0.5, 0.7)] as [(Double?, Double, Double)])
  func aWaitCountsWhatMovesHaveShown(_ given: Double?, _ factor: Double, _ slowdown: Double) throws {
    let plan = try plan(waitFactor: given)
    #expect(plan.decision == .move && abs((plan.before?.slowdown ?? 0) - 1) < 1e-12)
    #expect(abs((plan.after?.slowdown ?? 0) - slowdown) < 1e-12)
    let saves = try #require(plan.saves)
    #expect(abs(saves.waits - (1 - slowdown)) < 1e-12 && saves.compute == 0 && saves.waitFactor == factor)
  }

  /// With κ = 0.5 waits take 0.3 of the time, and both compute in the rest. At a1, twice as fast, y computes for 0.35;
  /// x is there already: σ is its.
  @Test func whatIsNoWaitIsWork() throws {
    let plan = try plan(waitFactor: 0.5, cpu: 1, speed: 2)
    #expect(abs((plan.after?.slowdown ?? 0) - 0.7) < 1e-12)
    let shares = plan.explanation.rows.filter { $0.term == "comp·g(p0)/g(p)" }
    #expect(shares.map(\.subject) == ["x", "y"])
    #expect(abs((shares[1].before ?? 0) - 0.7) < 1e-12 && abs((shares[1].after ?? 0) - 0.35) < 1e-12)
  }

  @Test func nothingButAShareFits() {
    #expect(throws: PlacementError.self) { try plan(waitFactor: 1.5) }
  }

  /// By κ = 0.5 it was to save 0.3 by waits, at κ = 1 so 0.6; of the rate of before there is 1.25 times: 0.2 are saved.
  @Test func aPlanIsAnObservation() throws {
    let saving = try #require(try plan(waitFactor: 0.5).saves)
    let observation = try #require(WaitCalibration.Observation(plan: "p", saving: saving, gain: 1.25))
    #expect(abs(observation.waits - 0.6) < 1e-12 && abs(observation.saved - 0.2) < 1e-12 && observation.compute == 0)
    #expect(WaitCalibration.Observation(plan: "p", saving: saving, gain: 0) == nil)
    var calibration = WaitCalibration()
    let isLearnt = calibration.learn(observation)
    // (0.16 + 0.6·0.2) / (0.16 + 0.36)
    #expect(isLearnt && abs((calibration.factor ?? 0) - 0.28 / 0.52) < 1e-12)
  }
}
