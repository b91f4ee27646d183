import Controller
import Model
import SwiftProtobuf
import Synchronization
import Testing
import Wire

/// What the loop makes of hosts that are held: it sees that in their reports.
struct HoldTests {
  private static let words = "a1 is held by root since 2027-01-15T08:00:00Z: a fan"

  /// vm1 is at a1: it stays, and as nothing comes to it there, the others go to the other host of its site.
  @Test(arguments: [false, true]) func nothingComesOrGoes(isDrained: Bool) async throws {
    try await withStore { store in
      let world = World(LoopTests.scattered)
      world.state.withLock { $0.held["a1"] = "a fan" }
      let decider = world.decider(store)
      if isDrained { _ = try await decider.drain(.with { $0.host = "a1" }) }
      _ = try await decider.apply(LoopTests.document(mode: "automatic"))
      for _ in 0..<3 { world.pass(LoopTests.ring) }
      await decider.considerAll()
      await decider.settle()
      #expect(Set(world.migrations) == ["vm2 b1 a2", "vm4 b2 a2"])
      #expect(world.places == ["vm1": "a1", "vm2": "a2", "vm3": "a2", "vm4": "a2"])
      let plan = try #require(await decider.plans(of: "cg").first)
      #expect(plan.reason.hasSuffix("; \(Self.words) (nothing comes or goes there)"), "\(plan.reason)")
    }
  }

  @Test func itIsTheReasonToStay() async throws {
    try await withStore { store in
      let world = World(LoopTests.scattered)
      world.state.withLock { state in
        for host in ["a1", "a2", "b1", "b2"] { state.held[host] = "a fan" }
      }
      let decider = try await world.decided(store, mode: "automatic")
      let status = try #require(await decider.overview(.init()).applications.first)
      #expect(status.decision == "stay" && status.reason.contains(Self.words), "\(status.reason)")
      #expect(world.migrations.isEmpty)
      let drain = try await decider.drain(.with { ($0.host, $0.dryRun) = ("a1", true) })
      #expect(drain.plans.isEmpty && drain.problems.contains("\(Self.words); until that ends nothing leaves it"))
    }
  }

  /// A constraint that would have a VM leave its host can't be satisfied.
  @Test func itClashesWithWhatWouldHaveAVMLeave() async throws {
    try await withStore { store in
      let world = World(LoopTests.scattered)
      world.state.withLock { $0.held["a1"] = "a fan" }
      let decider = world.decider(store)
      _ = try await decider.apply(
        LoopTests.document(mode: "automatic", extra: "constraints: [{ban: vm1, sites: [a]}]"))
      for _ in 0..<3 { world.pass(LoopTests.ring) }
      await decider.considerAll()
      await decider.settle()
      let status = try #require(await decider.overview(.init()).applications.first)
      #expect(status.decision == "infeasible" && status.reason.contains("ban vm1 from a"), "\(status.reason)")
      #expect(status.reason.contains("vm1 can't be moved from a1") && status.reason.contains(Self.words))
      #expect(world.migrations.isEmpty)
    }
  }

  @Test func aPlanThatWasMadeBeforeIsNotCarriedOut() async throws {
    try await withStore { store in
      let world = World(LoopTests.scattered)
      let decider = try await world.decided(store, mode: "approve")
      let plan = try #require(await decider.plans(of: "cg").first)
      let host = try #require(plan.steps.first).from
      world.state.withLock { $0.held[host] = "a fan" }
      _ = try await decider.decide(plan.identifier, approve: true, by: "somebody")
      await decider.settle()
      let after = try #require(await decider.plans(of: "cg").first)
      #expect(after.state == "failed" && after.stateReason.hasPrefix("\(host) is held by root since"), "\(after)")
      #expect(world.migrations.isEmpty)
    }
  }

  /// As when a host is drained, or taken into use again.
  @Test func aRestEndsWhenAHostIsHeldOrLetGo() async throws {
    try await withStore { store in
      let world = World(LoopTests.scattered)
      let decider = try await world.decided(store, mode: "approve")
      for (number, hold) in ["a fan", nil].enumerated() as EnumeratedSequence<[String?]> {
        let plan = try #require(await decider.plans(of: "cg").last)
        _ = try await decider.decide(plan.identifier, approve: false, by: "somebody")
        world.pass(LoopTests.ring)
        await decider.considerAll()
        #expect(await decider.plans(of: "cg").count == number + 1, "it rests")
        world.state.withLock { $0.held["b2"] = hold }
        // As the watch over hosts does.
        await decider.endRests()
        await decider.considerAll()
        #expect(await decider.plans(of: "cg").map(\.state).last == "proposed")
        #expect(await decider.plans(of: "cg").count == number + 2)
      }
    }
  }

  /// Nor does the file have them leave: headroom and drains of a host that is held are no reason to move.
  @Test func whatTheFileSaysOfItMovesNothing() {
    let hosts = [
      Host(name: "a1", vcpus: 8, headroom: 0.5, isDrained: true), Host(name: "a2", vcpus: 8, headroom: 0.5),
    ]
    var federation = Federation(sites: [Site(name: "a", headroom: 0.5, isDrained: true, hosts: hosts)])
    let hold = HostHold(reason: "a fan", by: "root", since: Timestamp(seconds: 0))
    federation.keep([VM(name: "vm1", vcpus: 2, memoryGiB: 1, host: "a1")], at: ["a1": hold])
    let site = federation.sites[0]
    #expect(site.hosts[0] == Host(name: "a1", vcpus: 2, memoryGiB: 1, headroom: 0))
    #expect(!site.isDrained && site.hosts[1].isDrained && site.hosts[1].vcpus == 8)
  }

  @Test func noVMIsStartedThere() async throws {
    try await withStore { store in
      let world = World([:])
      let decider = world.decider(store)
      let vms = ["n1", "n2"].map { "{name: \($0), memoryGiB: 0.1, template: x}" }
      let document = "{name: new, vms: [\(vms.joined(separator: ", "))]}"
      world.state.withLock { state in
        for host in ["a1", "a2", "b1", "b2"] { state.held[host] = "a fan" }
      }
      let refused = try await decider.apply(document, templates: ["x": "<domain/>"])
      #expect(refused.outcome == "infeasible" && refused.reason.contains(Self.words), "\(refused)")
      world.state.withLock { $0.held["b2"] = nil }
      #expect(try await decider.apply(document, templates: ["x": "<domain/>"]).outcome == "created")
      #expect(world.places == ["n1": "b2", "n2": "b2"])
    }
  }
}
