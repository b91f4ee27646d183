import Controller
import Model
import Synchronization
import Testing
import Wire

/// What the loop learns from plans that were carried out.
struct CalibratingTests {
  private func told(_ decider: Decider) async -> [String] {
    var told: [String] = []
    for await event in decider.events.events(since: Timestamp(nanoseconds: 0), follow: false) {
      told.append(event.text)
    }
    return told
  }

  /// Two moves of 100 MB in two seconds each; then the link is stated to be another one.
  @Test func learnsHowFastMovesAre() async throws {
    try await withStore { store in
      let world = World(LoopTests.scattered)
      world.state.withLock { $0.transfer = (100_000_000, 2) }
      var decider = try await world.decided(store, mode: "automatic")
      #expect(world.migrations.count == 2)
      let way = world.places["vm1"]?.hasPrefix("a") == true ? "from b to a" : "from a to b"
      #expect(await told(decider).contains("moves \(way) go at 50 MB/s ± 0 (2 moves)"))
      await decider.settleWrites()
      decider = world.decider(store)
      try await decider.load()
      var federation = World.federation
      federation.links.betweenSites.bandwidthMbps = 10_000
      await decider.replaceFederation(.success(federation))
      #expect(
        await told(decider).contains(
          "moves \(way) go at 50 MB/s ± 0 (2 moves): forgotten, since another link is stated now"))
    }
  }

  /// As fast as before, but with other partners: that is another phase, which tells nothing of the moves.
  @Test func learnsNothingOfAnotherPhase() async throws {
    try await withStore { store in
      let world = World(LoopTests.scattered)
      let decider = try await world.decided(store, mode: "automatic")
      for _ in 0..<4 { world.pass([("vm1", "vm3"), ("vm2", "vm4")], packets: 8000, turns: 800) }
      await decider.considerAll()
      await decider.settle()
      #expect(await decider.plans(of: "cg").first?.state == "done")
      #expect(await !told(decider).contains { $0.contains("a wait counts") })
    }
  }

  /// Half as fast again: a third of the time is saved, all by waits, since all hosts are alike.
  @Test func learnsWhatAWaitCounts() async throws {
    try await withStore { store in
      let world = World(LoopTests.scattered)
      var decider = try await world.decided(store, mode: "automatic")
      for _ in 0..<4 { world.pass(LoopTests.ring, packets: 6000, turns: 600) }
      await decider.considerAll()
      await decider.settle()
      let plan = try #require(await decider.plans(of: "cg").first)
      #expect(plan.state == "done" && plan.achievedGain == 1.5)
      let waits = 1 - 1 / plan.predictedGain
      let factor = (0.16 + waits / 3) / (0.16 + waits * waits)
      #expect(waits > 1.0 / 3 && factor < 1)
      let words = "cg: a wait counts \(Numeral.significant(factor)) of what the formula says, as one plan has shown"
      #expect(await told(decider).contains(words))
      let reason = await decider.overview(.init()).applications.first?.reason ?? ""
      let knowledge = await decider.overview(.init()).applications.first?.knowledge ?? ""
      #expect(knowledge.contains(#""plans":1"#) && knowledge.contains(#""waitFactor":"#), "\(knowledge)")
      #expect(reason.contains(words.dropFirst("cg: ".count)), "\(reason)")

      // It is known to the next controller, until the application is removed.
      await decider.settleWrites()
      decider = world.decider(store)
      try await decider.load()
      try await decider.remove("cg")
      #expect(await told(decider).contains("what moves of cg have shown of its waits is forgotten"))
      await decider.settleWrites()
      decider = world.decider(store)
      try await decider.load()
      await #expect(throws: Decider.Refusal.self) { try await decider.forgetCalibration(asked: "cg", by: "somebody") }
    }
  }
}
