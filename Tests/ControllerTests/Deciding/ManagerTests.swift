import Controller
import Model
import SwiftProtobuf
import Synchronization
import Testing
import Wire

/// What the loop makes of VMs that another manager has: it sees that in their hosts' reports.
struct ManagerTests {
  private func manage(_ vms: [String], by manager: String, in world: World) {
    world.state.withLock { state in
      for vm in vms { state.managers[vm] = manager }
    }
  }

  /// Two VMs at either site: the others come to those that stay.
  @Test(arguments: [["vm1", "vm3"], ["vm2", "vm4"]]) func othersComeToThem(_ managed: [String]) async throws {
    try await withStore { store in
      let world = World(LoopTests.scattered)
      manage(managed, by: "Nova", in: world)
      let decider = try await world.decided(store, mode: "automatic")
      #expect(world.migrations.count == 2)
      #expect(managed.allSatisfy { world.places[$0] == LoopTests.scattered[$0] }, "\(world.migrations)")
      #expect(Set(world.places.values.map { $0.prefix(1) }).count == 1)
      let plan = try #require(await decider.plans(of: "cg").first)
      let words = "; \(managed[0]) and \(managed[1]) aren't moved: managed by Nova"
      #expect(plan.reason.hasSuffix(words), "\(plan.reason)")
    }
  }

  @Test func itIsTheReasonToStay() async throws {
    try await withStore { store in
      let world = World(LoopTests.scattered)
      manage(["vm1", "vm2"], by: "Nova", in: world)
      manage(["vm3", "vm4"], by: "Pacemaker", in: world)
      let decider = try await world.decided(store, mode: "automatic")
      let status = try #require(await decider.overview(.init()).applications.first)
      #expect(status.decision == "stay" && world.migrations.isEmpty)
      let words = "; vm1 and vm2 aren't moved: managed by Nova; vm3 and vm4 aren't moved: managed by Pacemaker"
      #expect(status.reason.hasSuffix(words), "\(status.reason)")
    }
  }

  /// What the document says counts for more.
  @Test func theDocumentNamesIt() async throws {
    try await withStore { store in
      let world = World(LoopTests.scattered)
      manage(["vm1", "vm2", "vm3", "vm4"], by: "Nova", in: world)
      let decider = world.decider(store)
      let document = LoopTests.document(mode: "automatic")
        .replacing("{name: vm1,", with: "{name: vm1, managedBy: Heat,")
      #expect(try await decider.apply(document).outcome == "created")
      for _ in 0..<3 { world.pass(LoopTests.ring) }
      await decider.considerAll()
      let status = try #require(await decider.overview(.init()).applications.first)
      let words = "; vm1 isn't moved: managed by Heat; vm2, vm3 and vm4 aren't moved: managed by Nova"
      #expect(status.reason.hasSuffix(words), "\(status.reason)")
    }
  }

  @Test func aPlanThatWasMadeBeforeIsNotCarriedOut() async throws {
    try await withStore { store in
      let world = World(LoopTests.scattered)
      let decider = try await world.decided(store, mode: "approve")
      let plan = try #require(await decider.plans(of: "cg").first)
      manage(["vm1", "vm2", "vm3", "vm4"], by: "Pacemaker", in: world)
      _ = try await decider.decide(plan.identifier, approve: true, by: "somebody")
      await decider.settle()
      let after = try #require(await decider.plans(of: "cg").first)
      #expect(after.state == "failed" && world.migrations.isEmpty)
      #expect(after.stateReason.hasSuffix(" isn't moved: it is managed by Pacemaker now"), "\(after.stateReason)")
    }
  }

  /// `alien` is on no network of the fabric, `other` in no application.
  @Test func whatStaysAtADrainedHostIsTold() async throws {
    try await withStore { store in
      let world = World(["vm1": "a1", "vm2": "a1", "vm3": "a2", "vm4": "a2", "alien": "a1", "other": "a1"])
      world.state.withLock { $0.strangers = ["alien"] }
      manage(["alien"], by: "Proxmox HA", in: world)
      manage(["vm1", "other"], by: "Nova", in: world)
      let decider = try await world.decided(store, mode: "automatic")
      let dry = try await decider.drain(.with { ($0.host, $0.dryRun) = ("a1", true) })
      #expect(dry.problems.contains("alien is managed by Proxmox HA and stays: have it moved there"))
      #expect(dry.problems.contains("other belongs to no application and is managed by Nova: have it moved there"))
      #expect(dry.problems.contains("vm1 is managed by Nova and stays: have it moved there"))
      #expect(dry.problems.count == 3, "\(dry.problems)")
      // It keeps no other there.
      #expect(dry.plans.first?.steps.map { "\($0.vm) \($0.to)" } == ["vm2 a2"])
      _ = try await decider.drain(.with { $0.host = "a1" })
      await decider.considerAll()
      await decider.settle()
      #expect(world.migrations == ["vm2 a1 a2"])
      await decider.considerAll()
      let status = try #require(await decider.overview(.init()).applications.first)
      #expect(status.decision == "stay", "\(status.reason)")
    }
  }

  /// The others leave; of the one that stays the reason says what is to be done.
  @Test(arguments: [true, false]) func itDoesNotStopADrainByTheFile(_ ofSite: Bool) async throws {
    try await withStore { store in
      var federation = World.federation
      federation.sites[0].isDrained = ofSite
      for host in federation.sites[0].hosts.indices { federation.sites[0].hosts[host].isDrained = !ofSite }
      let world = World(LoopTests.scattered)
      let there = LoopTests.scattered.filter { $0.value.hasPrefix("a") }.keys.sorted()
      manage([there[0]], by: "Nova", in: world)
      let decider = world.decider(store, federation: federation)
      _ = try await decider.apply(LoopTests.document(mode: "automatic"))
      for _ in 0..<3 { world.pass(LoopTests.ring) }
      await decider.considerAll()
      await decider.settle()
      #expect(world.migrations.map { $0.prefix(3) } == [there[1].prefix(3)], "\(world.migrations)")
      let plan = try #require(await decider.plans(of: "cg").first)
      let host = try #require(LoopTests.scattered[there[0]])
      let words = "\(there[0]) stays on \(host), which is to be left (drain): Nova manages it, and has to move it"
      #expect(plan.reason.contains(words), "\(plan.reason)")
    }
  }

  /// At a host that is full of others they have what they take, and no one else comes.
  @Test func theirOwnRoomIsTheirs() {
    var federation = World.federation
    federation.sites[0].hosts[0].vcpus = 1
    federation.sites[0].hosts[0].headroom = 0.5
    federation.sites[0].hosts[1].vcpus = 3
    var vms = ["x", "y", "z"].map { VM(name: $0, vcpus: 2, memoryGiB: 5, host: "a1") }
    (vms[0].managedBy, vms[2].managedBy, vms[2].host) = ("Nova", "Nova", "b1")
    federation.keepManaged(vms)
    let hosts = federation.sites.flatMap(\.hosts)
    #expect(hosts.map(\.vcpus) == [2, 3, 4, 4] && hosts.map(\.memoryGiB) == [5, 4, 5, 4])
    #expect(hosts[0].headroom == 0)
  }

  /// Of 4 vCPUs and 4 GiB a VM that isn't the fabric's takes some too.
  @Test func theirRoomCounts() throws {
    let report = HostReport.with {
      $0.name = "a1"
      $0.vms = [
        .with {
          ($0.name, $0.state, $0.vcpus, $0.memoryBytes) = ("web-100", "running", 3, 1 << 30)
          $0.managedBy = "Proxmox VE"
        },
        .with { ($0.name, $0.state, $0.vcpus, $0.memoryBytes) = ("asleep", "off", 1, 1 << 30) },
      ]
    }
    let situation = Situation(reports: [report])
    #expect(situation.strangers["a1"]?.map(\.name) == ["web-100"])
    #expect(situation.strangers["a1"]?.first?.manager == "Proxmox VE")
    let room = FederationInForce(federation: World.federation, drained: []).room(for: [], in: situation)
    #expect(room.sites[0].hosts[0].vcpus == 1 && room.sites[0].hosts[0].memoryGiB == 3)
  }

  /// A host may say anything.
  @Test func whatHostsSayIsFitForASentence() {
    let name = "N\u{1B}[2Jova\n" + String(repeating: "x", count: 100)
    let report = HostReport.with {
      $0.name = "a1"
      $0.vms = [.with { ($0.name, $0.state, $0.managedBy, $0.entry.host) = ("vm1", "running", name, "a1") }]
    }
    let manager = Situation(reports: [report]).vms["vm1"]?.manager
    #expect(manager?.hasPrefix("N[2Jovaxxx") == true && (manager?.count ?? 99) <= 40)
  }
}
