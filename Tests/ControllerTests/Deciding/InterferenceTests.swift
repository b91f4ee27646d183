import Controller
import Model
import Synchronization
import Testing
import SwiftProtobuf
import Wire

/// What operators, failures and other managers do to the loop.
struct InterferenceTests {
  @Test func aMoveThatFailsEndsThePlanAndTheLoopRests() async throws {
    try await withStore { store in
      let world = World(LoopTests.scattered)
      world.state.withLock { $0.results = ["rolledBack"] }
      let decider = try await world.decided(store, mode: "automatic")
      let plan = try #require(await decider.plans(of: "cg").first)
      #expect(plan.state == "failed" && plan.stateReason.contains("no room"))
      #expect(plan.steps.map(\.state) == ["failed", "skipped"])
      #expect(world.migrations.count == 1, "30 s of rest, and 30 s of data after the failure")
      for _ in 0..<4 { world.pass(LoopTests.ring) }
      await decider.considerAll()
      await decider.settle()
      #expect(world.migrations.count == 3 && Set(world.places.values.map(\.first)).count == 1)
    }
  }

  @Test func aRestIsSaidAndEndsWithWhatPlansAreMadeOf() async throws {
    try await withStore { store in
      let world = World(LoopTests.scattered)
      let decider = try await world.decided(store, mode: "approve")
      let first = try #require(await decider.plans(of: "cg").first)
      _ = try await decider.decide(first.identifier, approve: false, by: "somebody")
      world.pass(LoopTests.ring)
      // Also after a restart.
      await decider.settleWrites()
      let second = world.decider(store)
      try await second.load()
      await second.considerAll()
      #expect(await second.plans(of: "cg").map(\.state) == ["rejected"])
      let reason = try #require(await second.overview(.init()).applications.first).reason
      let rest = "rests until 2027-01-15T08:15:30Z, since plan \(first.identifier) was rejected by somebody"
      #expect(reason.hasPrefix(rest))
      _ = try await second.drain(.with { $0.host = "b2" })
      await second.considerAll()
      #expect(await second.plans(of: "cg").map(\.state) == ["rejected", "proposed"])
    }
  }

  @Test func whatHasHappenedOutlivesTheController() async throws {
    try await withStore { store in
      let decider = try await World(LoopTests.scattered).decided(store, mode: "advise")
      await decider.settleWrites()
      let second = World(LoopTests.scattered).decider(store)
      try await second.load()
      var texts: [String] = []
      for await event in second.events.events(since: .init(nanoseconds: 0), follow: false) { texts.append(event.text) }
      #expect(texts.contains { $0.hasPrefix("cg is created") } && texts.contains { $0.hasPrefix("plan cg-") })
      #expect(texts.contains("this controller has started"))
    }
  }

  @Test func groupsStandWhileDataIsMissing() async throws {
    try await withStore { store in
      let world = World(LoopTests.scattered)
      let decider = try await world.decided(store, mode: "advise")
      let first = try #require(await decider.overview(.init()).applications.first)
      #expect(!first.grouping.isEmpty && first.messageRate == 3200)
      world.pass(LoopTests.ring, missing: ["b1"])
      await decider.considerAll()
      let second = try #require(await decider.overview(.init()).applications.first)
      #expect(second.reason.hasPrefix("data incomplete: no report of b1"))
      #expect(second.grouping == first.grouping && second.groups == first.groups && second.messageRate == 3200)
      for _ in 0..<3 { world.pass(LoopTests.ring) }
      await decider.considerAll()
      var told: [String] = []
      for await event in decider.events.events(since: .init(nanoseconds: 0), follow: false) { told.append(event.kind) }
      #expect(told.count { $0 == "groups" } == 1)
    }
  }

  @Test func aPlanOfAnApplicationThatIsGoneIsOver() async throws {
    try await withStore { store in
      let world = World(LoopTests.scattered)
      let decider = try await world.decided(store, mode: "automatic")
      #expect(await decider.plans(of: "cg").map(\.state) == ["verifying"])
      try await decider.remove("cg")
      #expect(await decider.plans(of: "cg").map(\.state) == ["done"])
    }
  }

  @Test func anApplyThatGotHalfWayIsBroughtToItsEndByAnother() async throws {
    try await withStore { store in
      let world = World(["other": "b1"])
      let decider = world.decider(store)
      let document = """
        name: new
        constraints:
          - together: [n1, n2]
          - apart: [n1, n2, n3]
        vms:
          - {name: n1, memoryGiB: 0.1, template: x}
          - {name: n2, memoryGiB: 0.1, template: x}
          - {name: n3, memoryGiB: 0.1, template: x}
        """
      world.state.withLock { $0.refused = ["n2"] }
      let first = try await decider.apply(document, templates: ["x": "<domain/>"])
      #expect(first.outcome == "refused" && first.reason.contains("another apply starts the others"), "\(first)")
      let begun = world.places
      #expect(begun["n1"] != nil && begun["n3"] == nil)
      world.state.withLock { $0.refused = [] }
      #expect(try await decider.apply(document, templates: ["x": "<domain/>"]).outcome == "created")
      let places = world.places
      #expect(places["n1"] == begun["n1"] && places["n1"]?.first == places["n2"]?.first)
      #expect(Set([places["n1"], places["n2"], places["n3"]]).count == 3)
    }
  }

  @Test func aVMThatSomebodyElseMovesIsLeftToThem() async throws {
    try await withStore { store in
      let world = World(LoopTests.scattered)
      let decider = try await world.decided(store, mode: "approve")
      let plan = try #require(await decider.plans(of: "cg").first)
      let vm = try #require(plan.steps.first).vm
      let elsewhere = try #require(["a1", "a2", "b1"].first { ![plan.steps[0].from, plan.steps[0].to].contains($0) })
      world.state.withLock { $0.places[vm] = elsewhere }
      _ = try await decider.decide(plan.identifier, approve: true, by: "somebody")
      await decider.settle()
      let after = try #require(await decider.plans(of: "cg").first)
      #expect(after.state == "failed" && after.stateReason.contains("somebody else has moved it"))
      #expect(world.migrations.isEmpty)
    }
  }

  /// A step may wait long, for its turn and for hosts, before it begins.
  @Test func aPauseHoldsWhatIsAboutToBegin() async throws {
    try await withStore { store in
      let world = World(LoopTests.scattered)
      let decider = try await world.decided(store, mode: "approve")
      let plan = try #require(await decider.plans(of: "cg").first)
      world.state.withLock { state in
        state.meanwhile = { _ = try? await decider.setPause(.with { $0.reason = "noon" }) }
      }
      _ = try await decider.decide(plan.identifier, approve: true, by: "somebody")
      await decider.settle()
      #expect(world.migrations.isEmpty)
      let after = try #require(await decider.plans(of: "cg").first)
      #expect(after.state == "failed" && after.stateReason.contains("it expired while paused: noon"))
    }
  }

  /// What was begun with the federation before isn't brought to an end.
  @Test func aHostThatIsDrainedMeanwhileIsInNoPlan() async throws {
    var hosts: Set<String> = []
    try await withStore { store in
      let decider = try await World(LoopTests.scattered).decided(store, mode: "advise")
      hosts = Set(try #require(await decider.plans(of: "cg").first).steps.map(\.to))
    }
    let host = try #require(hosts.first)
    try await withStore { store in
      let world = World(LoopTests.scattered)
      let decider = world.decider(store)
      _ = try await decider.apply(LoopTests.document(mode: "advise"))
      await decider.considerAll()
      for _ in 0..<3 { world.pass(LoopTests.ring) }
      world.state.withLock { state in
        state.meanwhile = { _ = try? await decider.drain(.with { $0.host = host }) }
      }
      await decider.considerAll()
      await decider.considerAll()
      let plans = await decider.plans(of: "cg")
      #expect(!plans.isEmpty && plans.allSatisfy { !$0.steps.map(\.to).contains(host) }, "\(plans)")
    }
  }

  @Test func aLostConnectionIsNoVerdict() async throws {
    try await withStore { store in
      let world = World(LoopTests.scattered)
      world.state.withLock { $0.results = ["lost"] }
      _ = try await world.decided(store, mode: "automatic")
      // Still where it was, by its host: tried again.
      #expect(world.migrations.count == 3 && Set(world.places.values.map(\.first)).count == 1)
    }
  }

  @Test func anotherControllerGoesOnWithThePlan() async throws {
    try await withStore { store in
      let world = World(LoopTests.scattered)
      let first = try await world.decided(store, mode: "approve")
      let plan = try #require(await first.plans(of: "cg").first)
      _ = try await first.setPause(.with { $0.reason = "noon" })
      let second = world.decider(store)
      try await second.load()
      #expect(await second.overview(.init()).paused == "noon")
      #expect(await second.plans(of: "cg").map(\.identifier) == [plan.identifier])
      _ = try await second.setPause(.with { $0.resume = true })
      _ = try await second.decide(plan.identifier, approve: true, by: "somebody")
      await second.settle()
      #expect(world.migrations.count == 2)
      // What was done is on the disk.
      let third = world.decider(store)
      try await third.load()
      #expect(await third.plans(of: "cg").first?.steps.map(\.state) == ["done", "done"])
    }
  }

  @Test func nonsenseLeavesTheOldVersionInForce() async throws {
    try await withStore { store in
      let world = World(LoopTests.scattered)
      let decider = world.decider(store)
      _ = try await decider.apply(LoopTests.document(mode: "advise"))
      let answer = try await decider.apply("name: cg\nobjective: fastest\nvms: 3\n")
      #expect(answer.outcome == "refused" && answer.reason.contains("before it stays in force"))
      #expect(answer.diagnostics.contains { $0.hasPrefix("app.yaml:2:") })
      let status = try #require(await decider.overview(.init()).applications.first)
      #expect(status.mode == "advise" && status.vms.count == 4 && status.problem.contains("app.yaml:2:"))
    }
  }

  @Test func vmsOfAnotherApplicationAreRefused() async throws {
    try await withStore { store in
      let world = World(LoopTests.scattered)
      let decider = world.decider(store)
      _ = try await decider.apply(LoopTests.document(mode: "advise"))
      let answer = try await decider.apply("name: lu\nvms: [{name: vm4}]\n", file: "lu.yaml")
      #expect(answer.outcome == "refused" && answer.reason.contains("vm4 is cg's already"))
    }
  }

  @Test func aDrainedHostIsLeft() async throws {
    try await withStore { store in
      let world = World(["vm1": "a1", "vm2": "a1", "vm3": "a2", "vm4": "a2", "other": "a1"])
      let decider = try await world.decided(store, mode: "automatic")
      #expect(world.migrations.isEmpty)
      let dry = try await decider.drain(.with {
        $0.host = "a1"
        $0.dryRun = true
      })
      #expect(dry.plans.first?.steps.map(\.to) == ["a2", "a2"] && dry.problems.contains { $0.hasPrefix("other ") })
      await decider.settle()
      #expect(world.migrations.isEmpty)
      _ = try await decider.drain(.with { $0.host = "a1" })
      await decider.considerAll()
      await decider.settle()
      #expect(world.places.filter { $0.value == "a1" }.keys.sorted() == ["other"])
    }
  }

  /// Who drains a host means to switch it off.
  @Test func whatStaysAtADrainedHostIsTold() async throws {
    try await withStore { store in
      let world = World(["vm1": "a1", "vm2": "a1", "vm3": "a2", "vm4": "a2", "alien": "a1"])
      world.state.withLock { $0.strangers = ["alien"] }
      let decider = try await world.decided(store, mode: "automatic")
      let dry = try await decider.drain(.with {
        $0.host = "a1"
        $0.dryRun = true
      })
      #expect(dry.problems == ["alien is on no network of the federation and stays: stop it, or move it by hand"])
    }
  }

  @Test func aVMThatRunsNowhereIsPlacedAndStarted() async throws {
    try await withStore { store in
      let world = World([:])
      let decider = world.decider(store)
      let document = """
        name: new
        vms:
          - {name: n1, memoryGiB: 0.1, template: n1.xml}
          - {name: n2, memoryGiB: 0.1, template: n2.xml}
        """
      let none = try await decider.apply(document)
      #expect(none.outcome == "refused" && none.reason.contains("n1.xml"))
      let answer = try await decider.apply(document, templates: ["n1.xml": "<domain 1/>", "n2.xml": "<domain 2/>"])
      #expect(answer.outcome == "created")
      #expect(world.state.withLock { $0.started } == ["n1": "<domain 1/>", "n2": "<domain 2/>"])
      let vms = ["x", "y", "z", "w"].map { "{name: \($0), vcpus: 4, template: x}" }.joined(separator: ", ")
      let tooLarge = try await decider.apply(
        "name: big\nvms: [\(vms)]\n", file: "big.yaml", templates: ["x": "<d/>"])
      #expect(tooLarge.outcome == "infeasible", "\(tooLarge)")
    }
  }
}
