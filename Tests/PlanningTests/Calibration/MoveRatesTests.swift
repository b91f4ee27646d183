import Model
import Planning
import Testing

@Suite struct MoveRatesTests {
  @Test func theMedianOfTheLatest() throws {
    var rates = MoveRates()
    #expect(rates.learn(from: "a", to: "b", bytes: 1e7, seconds: 1) == nil, "it tells of its set-up")
    #expect(rates.learn(from: "a", to: "b", bytes: 1e8, seconds: 0) == nil)
    #expect(
      rates.learn(from: "a", to: "b", bytes: 1e8, seconds: 2)?.words == "moves from a to b go at 50 MB/s (1 move)")
    _ = rates.learn(from: "a", to: "b", bytes: 1e8, seconds: 1)
    // 50 and 100: 75 between them, and √(2·25²) apart.
    #expect(rates.links[0].words == "moves from a to b go at 75 MB/s ± 35.4 (2 moves)")
    _ = rates.learn(from: "a", to: "b", bytes: 9e8, seconds: 1)
    #expect(rates.byPair == [OrderedPair(from: "a", to: "b"): 1e8])
    for _ in 0..<8 { _ = rates.learn(from: "a", to: "a", bytes: 1e8, seconds: 4) }
    #expect(rates.links[1].words == "moves within a go at 25 MB/s ± 0 (8 moves)")
    for _ in 0..<5 { _ = rates.learn(from: "a", to: "a", bytes: 1e8, seconds: 5) }
    #expect(rates.links[1].rates == [25e6, 25e6, 25e6, 20e6, 20e6, 20e6, 20e6, 20e6])
    rates.forget { $0.to == "b" }
    #expect(rates.byPair == [OrderedPair(from: "a", to: "a"): 20e6])
  }

  /// 1 GiB at 20·10⁶ bytes a second, not at the 125·10⁶ of the link; what the application's own traffic has is the link.
  @Test func plansTakeWhatMovesHad() throws {
    var federation = Federation(
      sites: [
        Site(name: "a", price: Price(vmHour: 1), hosts: [Host(name: "a1")]),
        Site(name: "b", hosts: [Host(name: "b1")]),
      ], links: Links(betweenSites: Link(latencyMs: 1, bandwidthMbps: 1000)))
    federation.moveRates = [OrderedPair(from: "a", to: "b"): 20e6]
    let application = Application(
      name: "t", remainingHours: 10, vms: [VM(name: "x", memoryGiB: 1, host: "a1")],
      endpoints: [FixedEndpoint(name: "nfs", site: "a")])
    let row = TrafficMatrix.Row(source: .name("x"), destination: .name("nfs"), ipBytes: 1e6)
    let plan = try Planner(
      federation: federation, application: application, traffic: TrafficMatrix(rows: [row], hasWaits: true),
      windowSeconds: 1, now: Timestamp(nanoseconds: 0), task: .move
    ).plan(within: .steps)
    #expect(plan.moves.map(\.transferSeconds) == [0x1p30 / 20e6])
    let beta = plan.explanation.rows.filter { $0.term == "β" }
    #expect(beta.map(\.section) == [.sites, .moves] && beta.map(\.after) == [125e6, 20e6])
    #expect(abs((plan.schedule?.seconds ?? 0) - 0x1p30 / 20e6) < 0.1)
  }
}
