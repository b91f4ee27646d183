import Controller
import Model
import Testing
import SwiftProtobuf
import Wire

/// The loop as a whole: what it does with what it sees.
struct LoopTests {
  static let ring = [("vm1", "vm2"), ("vm2", "vm3"), ("vm3", "vm4"), ("vm4", "vm1")]
  static let scattered = ["vm1": "a1", "vm2": "b1", "vm3": "a2", "vm4": "b2"]

  static func document(mode: String, extra: String = "") -> String {
    """
    name: cg
    objective: time
    mode: \(mode)
    vms:
      - {name: vm1, memoryGiB: 0.1}
      - {name: vm2, memoryGiB: 0.1}
      - {name: vm3, memoryGiB: 0.1}
      - {name: vm4, memoryGiB: 0.1}
    \(extra)
    """
  }

  @Test func bringsAScatteredGroupTogetherAndThenRests() async throws {
    try await withStore { store in
      let world = World(Self.scattered)
      let decider = world.decider(store)
      #expect(try await decider.apply(Self.document(mode: "automatic")).outcome == "created")
      for _ in 0..<2 { world.pass(Self.ring) }
      await decider.considerAll()
      await decider.settle()
      #expect(world.migrations.isEmpty, "20 s are no data to decide on")
      world.pass(Self.ring)
      await decider.considerAll()
      await decider.settle()
      #expect(world.migrations.count == 2)
      #expect(Set(world.places.values.map(\.first)).count == 1, "\(world.places)")
      var plan = try #require(await decider.plans(of: "cg").first)
      #expect(plan.state == "verifying" && plan.decidedBy == "automatic mode" && plan.predictedGain > 1.5)
      #expect(plan.rateBefore == 3200)

      // Twice as fast from here on.
      for _ in 0..<2 { world.pass(Self.ring, packets: 8000, turns: 800) }
      await decider.considerAll()
      plan = try #require(await decider.plans(of: "cg").first)
      #expect(plan.state == "verifying", "20 s are no data to judge by")
      for _ in 0..<20 {
        world.pass(Self.ring, packets: 8000, turns: 800)
        await decider.considerAll()
        await decider.settle()
      }
      plan = try #require(await decider.plans(of: "cg").first)
      #expect(plan.state == "done" && plan.rateAfter == 6400 && plan.achievedGain == 2)
      #expect(await decider.plans(of: "cg").count == 1 && world.migrations.count == 2)
    }
  }

  @Test func advisesAndWaitsForApproval() async throws {
    try await withStore { store in
      for (mode, approves) in [("advise", false), ("approve", true)] {
        let world = World(Self.scattered)
        let decider = world.decider(store)
        #expect(try await decider.apply(Self.document(mode: mode)).outcome == "created")
        for _ in 0..<3 { world.pass(Self.ring) }
        await decider.considerAll()
        await decider.settle()
        let plan = try #require(await decider.plans(of: "cg").last)
        #expect(plan.state == "proposed" && world.migrations.isEmpty)
        world.pass(Self.ring)
        await decider.considerAll()
        #expect(await decider.plans(of: "cg").filter { $0.state == "proposed" }.map(\.identifier) == [plan.identifier])
        if approves {
          _ = try await decider.decide(plan.identifier, approve: true, by: "somebody")
          await decider.settle()
          #expect(world.migrations.count == 2)
          await #expect(throws: Decider.Refusal.self) {
            try await decider.decide(plan.identifier, approve: true, by: "somebody else")
          }
        }
        try await decider.remove("cg")
      }
    }
  }

  @Test func aPlanOfAPhaseThatHasEndedIsWithdrawn() async throws {
    try await withStore { store in
      let world = World(Self.scattered)
      let decider = try await world.decided(store, mode: "approve")
      #expect(await decider.plans(of: "cg").map(\.state) == ["proposed"])
      world.pass([("vm1", "vm3")])
      await decider.considerAll()
      let plan = try #require(await decider.plans(of: "cg").first)
      #expect(plan.state == "superseded" && plan.stateReason == "the application's traffic has changed")
    }
  }

  @Test func staysWhileAHostIsMissing() async throws {
    try await withStore { store in
      let world = World(Self.scattered)
      let decider = world.decider(store)
      _ = try await decider.apply(Self.document(mode: "automatic"))
      for _ in 0..<3 { world.pass(Self.ring, missing: ["b2"]) }
      await decider.considerAll()
      await decider.settle()
      let status = try #require(await decider.overview(.init()).applications.first)
      #expect(status.decision == "stay" && status.reason.contains("data incomplete") && status.reason.contains("b2"))
      #expect(status.knowledge.contains(#""partial":true"#) && status.knowledge.contains(#""hosts":["b2"]"#))
      #expect(world.migrations.isEmpty)
    }
  }

  @Test func leavesWhatHardlyTalks() async throws {
    try await withStore { store in
      let world = World(Self.scattered)
      let decider = world.decider(store)
      _ = try await decider.apply(Self.document(mode: "automatic"))
      for _ in 0..<3 { world.pass(Self.ring, packets: 20, turns: 2) }
      await decider.considerAll()
      await decider.settle()
      let status = try #require(await decider.overview(.init()).applications.first)
      #expect(status.decision == "stay" && status.grouping == "negligible" && world.migrations.isEmpty, "\(status)")
    }
  }
}

extension LoopTests {
  /// Hosts of four vCPUs: what one plan takes, the other, made at the same time, has not.
  @Test func plansMadeTogetherDontTakeTheSameRoom() async throws {
    try await withStore { store in
      let world = World([
        "vm1": "a1", "vm2": "b1", "vm3": "a2", "vm4": "b2", "x1": "a1", "x2": "b1", "x3": "a2", "x4": "b2",
      ])
      let decider = world.decider(store)
      _ = try await decider.apply(Self.document(mode: "automatic"))
      _ = try await decider.apply(
        Self.document(mode: "automatic").replacing("vm", with: "x").replacing("name: cg", with: "name: lu")
          .replacing("xs:", with: "vms:"), file: "lu.yaml")
      let both = Self.ring + Self.ring.map { ($0.0.replacing("vm", with: "x"), $0.1.replacing("vm", with: "x")) }
      for _ in 0..<3 { world.pass(both) }
      await decider.considerAll()
      await decider.settle()
      let plans = await decider.overview(.init()).plans
      #expect(plans.map(\.state) == ["verifying", "verifying"], "\(plans.map(\.stateReason))")
      for host in ["a1", "a2", "b1", "b2"] { #expect(world.places.values.count { $0 == host } <= 4) }
    }
  }
}
