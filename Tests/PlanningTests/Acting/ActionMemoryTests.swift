import Model
import Planning
import Testing

/// One VM of 1 GiB at a1, which could be at b1; to leave costs 2³⁰ / 10⁹ = 1.0737 of egress.
@Suite struct ActionMemoryTests {
  private static let price = 0x1p30 / 1e9

  /// Prices an hour; 36 more are 0.01 a second.
  private func instance(
    _ a: Double, _ b: Double, at host: String = "a1", capacity: Double = 1, _ change: (inout Site) -> Void = { _ in }
  ) throws -> PlacementInstance {
    var sites = [("a", a), ("b", b)].map { name, price in
      Site(
        name: name, price: Price(vmHour: price),
        hosts: [Host(name: name + "1", vcpus: name == "a" ? capacity : 1)])
    }
    change(&sites[1])
    var vm = VM(name: "vm", memoryGiB: 1)
    vm.host = host
    return try PlacementInstance(
      federation: Federation(sites: sites, egress: Egress(betweenSites: 1)),
      application: Application(name: "x", vms: [vm]), traffic: TrafficMatrix(rows: [], hasWaits: true),
      windowSeconds: 30, now: Timestamp(seconds: 0), task: .move)
  }

  private func at(_ seconds: Double) -> Timestamp { Timestamp(seconds: seconds) }

  private func stake(_ instance: PlacementInstance) throws -> Stake {
    let present = try #require(instance.present)
    return Stake(
      from: PlacementEvaluation(of: present, in: instance), to: PlacementEvaluation(of: [1], in: instance), in: instance
    )
  }

  @Test func aStakeIsWhatStayingLosesAndWhatMovingCosts() throws {
    let stake = try stake(instance(36, 0))
    #expect(abs(stake.lossPerSecond - 0.01) < 1e-12)
    #expect(abs(stake.price - Self.price) < 1e-12)
  }

  @Test func itActsOnceStayingHasLostThePrice() throws {
    var memory = ActionMemory()
    let question = try instance(36, 0)
    var acted: Double?
    for seconds in stride(from: 0.0, through: 300, by: 30) where acted == nil {
      memory.observe(question, best: [1], span: 30, at: at(seconds))
      if memory.verdict(price: Self.price, mends: false, at: at(seconds)) == .act { acted = seconds }
    }
    // The first window is 30 s, 0.3; 1.0737 is reached with the fourth, at 90 s (1.2).
    #expect(acted == 90)
    #expect(abs(memory.lost - 1.2) < 1e-9)
  }

  @Test func whatStayingGainsIsTakenOff() throws {
    var memory = ActionMemory()
    for turn in 0..<100 {
      let now = at(Double(turn) * 60)
      let isBetterElsewhere = turn % 2 == 0
      let question = try instance(isBetterElsewhere ? 36 : 0, isBetterElsewhere ? 0 : 36)
      memory.observe(question, best: [isBetterElsewhere ? 1 : 0], span: 60, at: now)
      #expect(memory.verdict(price: Self.price, mends: false, at: now) != .act)
    }
  }

  @Test func lossesBeginAnewWhereTheVMIsElsewhere() throws {
    var memory = ActionMemory()
    for turn in 0..<5 { memory.observe(try instance(36, 0), best: [1], span: 30, at: at(Double(turn) * 30)) }
    memory.observe(try instance(0, 36, at: "b1"), best: [0], span: 30, at: at(150))
    guard case .wait(let loss, _) = memory.verdict(price: Self.price, mends: false, at: at(150)) else {
      Issue.record("it acts")
      return
    }
    #expect(abs(loss - 0.3) < 1e-9)
  }

  @Test func noMoreIsCountedThanWasSeen() throws {
    var memory = ActionMemory()
    memory.observe(try instance(36, 0), best: [1], span: 30, at: at(0))
    // The controller was away for a day: of that nothing is known.
    memory.observe(try instance(36, 0), best: [1], span: 30, at: at(86_400))
    #expect(abs(memory.lost - 0.6) < 1e-9)
  }

  /// b closes in two hours, which is no place to the end; by windows it is one until then.
  @Test func aPlaceForAWhileIsARival() throws {
    var memory = ActionMemory()
    memory.observe(
      try instance(36, 0) { $0.windows = [TimeWindow(until: at(7200))] }, best: [1], span: 30, at: at(0))
    #expect(abs(memory.lost - 0.3) < 1e-9)
    memory = ActionMemory()
    memory.observe(try instance(36, 0) { $0.availableUntil = at(7200) }, best: [1], span: 30, at: at(0))
    #expect(memory.lost == 0)
  }

  @Test func brokenConstraintsAreMendedAtOnce() throws {
    var memory = ActionMemory()
    memory.rest(afterMovesOf: 100, at: at(0))
    #expect(memory.verdict(price: Self.price, mends: true, at: at(1)) == .act)
  }

  @Test func movesRestTheirApplication() throws {
    var memory = ActionMemory()
    memory.rest(afterMovesOf: 100, at: at(0))
    for turn in 0..<5 { memory.observe(try instance(360, 0), best: [1], span: 60, at: at(Double(turn) * 60)) }
    #expect(memory.verdict(price: Self.price, mends: false, at: at(240)) == .rest(until: at(500)))
    #expect(memory.verdict(price: Self.price, mends: false, at: at(500)) == .act)
    memory.endRest()
    #expect(memory.verdict(price: Self.price, mends: false, at: at(240)) == .act)
  }

  @Test func theRestOfMovesThatFailedNeedsNoNewLoss() throws {
    var memory = ActionMemory()
    for turn in 0..<4 { memory.observe(try instance(36, 0), best: [1], span: 30, at: at(Double(turn) * 30)) }
    #expect(memory.verdict(price: Self.price, mends: false, at: at(90)) == .act)
    memory.fail(afterShare: 0.25)
    memory.observe(try instance(36, 0), best: [1], span: 30, at: at(120))
    #expect(memory.verdict(price: 0.75 * Self.price, mends: false, at: at(120)) == .act)
  }
}
