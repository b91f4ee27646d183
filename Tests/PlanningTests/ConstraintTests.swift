import Model
import Planning
import Testing

/// Each constraint by itself: x, y and z at a1 of site a, which is cheaper than b; every answer is worked out by hand.
@Suite struct ConstraintTests {
  func plan(
    place: Bool = false, _ change: (inout Federation, inout Application) -> Void
  ) throws -> Plan {
    var federation = Federation(sites: [
      Site(name: "a", price: Price(vmHour: 1), hosts: [Host(name: "a1", vcpus: 4, memoryGiB: 8)]),
      Site(name: "b", price: Price(vmHour: 2), hosts: [Host(name: "b1", vcpus: 4, memoryGiB: 8)]),
    ])
    var application = Application(
      name: "test", remainingHours: 10, vms: ["x", "y", "z"].map { VM(name: $0, memoryGiB: 1, host: "a1") })
    change(&federation, &application)
    if place { for vm in application.vms.indices { application.vms[vm].host = nil } }
    return try Planner(
      federation: federation, application: application, traffic: TrafficMatrix(rows: [], hasWaits: true),
      windowSeconds: 1, now: Timestamp(nanoseconds: 0), task: place ? .place : .move
    ).plan(within: .steps)
  }

  @Test func maximumOfASite() throws {
    let plan = try plan { federation, _ in federation.sites[0].quota.vms = 2 }
    #expect(plan.placement == ["x": "a1", "y": "a1", "z": "b1"])
    #expect(plan.reason.hasPrefix("the present placement breaks constraints (quota of site a: 3 VMs of 2); of the"))
    // 10 h of two at 1 and one at 2.
    #expect(plan.after?.cost.hosting.rounded() == 40)
    let clash = try self.plan { federation, _ in
      (federation.sites[0].quota.vms, federation.sites[1].quota.vms) = (1, 1)
    }.clash
    #expect(clash == ["the quota of a is 1 VM", "the quota of b is 1 VM"])
  }

  @Test func spread() throws {
    let plan = try plan { _, application in application.constraints = [.spread(["x", "y", "z"], maximumPerSite: 2)] }
    #expect(plan.moves.count == 1)
    #expect(plan.reason.contains("spread: VMs x, y and z are at a, allowed are 2"))
    let clash = try self.plan { _, application in
      application.constraints = [.spread(["x", "y", "z"], maximumPerSite: 1), .pin(vm: "x", sites: ["a"])]
    }.clash
    #expect(clash == ["spread x, y and z, no more than 1 per site"])
  }

  @Test func headroom() throws {
    // 25 % of 4 leaves 3 vCPUs; 70 % 1.2, which is one VM a host.
    #expect(try plan { federation, _ in federation.sites[0].headroom = 0.25 }.decision == .stay)
    let plan = try plan { federation, _ in federation.sites[0].hosts[0].headroom = 0.5 }
    #expect(plan.moves.count == 1)
    #expect(plan.reason.contains("headroom of host a1: 3 vCPUs used of 2"))
    let clash = try self.plan { federation, _ in
      (federation.sites[0].headroom, federation.sites[1].headroom) = (0.7, 0.7)
    }.clash
    #expect(clash.contains("70 % of each host of a are to stay free (headroom)"))
  }

  /// y costs ten times x, and one of a1's two vCPUs stays free: x goes to the dearer b, which only y's coming explains.
  @Test func aVMMakesRoomWhereHeadroomIsShort() throws {
    let plan = try plan { federation, application in
      for (site, price) in [(0, 1.0), (1, 2)] {
        federation.sites[site].price = Price(memoryGiBHour: price)
        federation.sites[site].hosts[0].vcpus = 2
        federation.sites[site].hosts[0].memoryGiB = nil
      }
      federation.sites[0].headroom = 0.5
      application.vms = [VM(name: "x", memoryGiB: 1, host: "a1"), VM(name: "y", memoryGiB: 10, host: "b1")]
    }
    #expect(plan.moves.map(\.vm) == ["x", "y"])
    #expect(plan.moves.first?.why == "makes room on a1 for y")
  }

  @Test func residency() throws {
    let plan = try plan { federation, application in
      (federation.sites[0].jurisdictions, federation.sites[1].jurisdictions) = (["US"], ["FR", "EU"])
      application.constraints = [.residency(["y"], jurisdictions: ["EU", "CH"])]
    }
    #expect(plan.placement == ["x": "a1", "y": "b1", "z": "a1"])
    #expect(plan.moves.map(\.why) == ["mends residency: VM y is at a, which isn't in EU or CH"])
    let clash = try self.plan { _, application in application.constraints = [.residency(["y"], jurisdictions: ["EU"])] }
    #expect(clash.clash == ["residency of y in EU"])
  }

  @Test func drain() throws {
    for change in [{ $0.sites[0].isDrained = true }, { $0.sites[0].hosts[0].isDrained = true }]
      as [(inout Federation) -> Void]
    {
      let plan = try plan { federation, _ in change(&federation) }
      #expect(Set(plan.placement.values) == ["b1"])
      #expect(plan.reason.contains("drain: x, y and z are on host a1, which is to be left"))
    }
    let clash = try plan { federation, _ in
      (federation.sites[0].isDrained, federation.sites[1].hosts[0].isDrained) = (true, true)
    }.clash
    #expect(clash.contains("a is to be left (drain)") && clash.contains("host b1 is to be left (drain)"))
  }

  /// From Haswell to IvyBridge nothing goes, back it does; likewise from QEMU 8.2 to 7.2.
  @Test func compatibilityHasADirection() throws {
    func plan(_ from: Host, _ to: Host) throws -> Plan {
      try self.plan { federation, _ in
        federation.cpuModels = [
          CPUModel(name: "Haswell", runs: ["IvyBridge"]), CPUModel(name: "IvyBridge", runs: ["Penryn"]),
        ]
        federation.sites[0].hosts = [from]
        federation.sites[1].hosts = [to]
        federation.sites[1].price.vmHour = 0
      }
    }
    func host(_ name: String, _ model: String?, _ version: QEMUVersion? = nil) -> Host {
      Host(name: name, vcpus: 4, memoryGiB: 8, cpuModel: model, qemuVersion: version)
    }
    #expect(try plan(host("a1", "Haswell"), host("b1", "IvyBridge")).decision == .stay)
    #expect(try plan(host("a1", "IvyBridge"), host("b1", "Haswell")).decision == .move)
    // What IvyBridge runs, Haswell runs too.
    #expect(try plan(host("a1", "Penryn"), host("b1", "Haswell")).decision == .move)
    #expect(try plan(host("a1", "EPYC"), host("b1", "Haswell")).decision == .stay)
    #expect(try plan(host("a1", "EPYC"), host("b1", nil)).decision == .move)
    #expect(try plan(host("a1", nil, QEMUVersion(8, 2)), host("b1", nil, QEMUVersion(7, 2, 9))).decision == .stay)
    #expect(try plan(host("a1", nil, QEMUVersion(8, 2)), host("b1", nil, QEMUVersion(8, 10))).decision == .move)
  }

  @Test func whatRunsNowhereClashes() throws {
    let clash = try plan { federation, _ in
      federation.sites[0].hosts[0].cpuModel = "Haswell"
      federation.sites[1].hosts[0].cpuModel = "IvyBridge"
      federation.sites[0].isDrained = true
    }.clash
    #expect(
      clash.contains("b1 can't run x: a guest of CPU model Haswell doesn't run on IvyBridge"), "\(clash)")
    #expect(clash.contains("a is to be left (drain)"))
    // A first placement knows what the guest needs from its own document.
    let placed = try plan(place: true) { federation, application in
      federation.sites[0].hosts[0].cpuModel = "IvyBridge"
      application.vms[1].cpuModel = "Haswell"
    }
    #expect(placed.placement == ["x": "a1", "y": "b1", "z": "a1"])
  }

  /// y stays, since Nova has it; the others are placed around it.
  @Test func othersPlanAroundWhatAnotherManagerHas() throws {
    let plan = try plan { federation, application in
      federation.sites[1].price.vmHour = 0.1
      federation.sites[1].hosts[0].vcpus = 2
      application.vms[1].managedBy = "Nova"
    }
    #expect(plan.placement == ["x": "b1", "y": "a1", "z": "b1"])
    #expect(plan.reason.hasSuffix("; y isn't moved: managed by Nova"), "\(plan.reason)")
    let first = try self.plan(place: true) { _, application in application.vms[1].managedBy = "Nova" }
    #expect(!first.reason.contains("Nova"), "nothing is moved by a first placement: \(first.reason)")
  }

  /// Of a site or host that is to be left the others leave; y can be moved by Nova alone, which the plan says.
  @Test func whatAnotherManagerHasDoesNotStopADrain() throws {
    let warning = "y stays on a1, which is to be left (drain): Nova manages it, and has to move it from there"
    for change in [{ $0.sites[0].isDrained = true }, { $0.sites[0].hosts[0].isDrained = true }]
      as [(inout Federation) -> Void]
    {
      let left = try plan { federation, application in
        change(&federation)
        application.vms[1].managedBy = "Nova"
        // Together they can't be anywhere else.
        federation.sites[1].hosts[0].vcpus = 2
      }
      #expect(left.placement == ["x": "b1", "y": "a1", "z": "b1"], "\(left.reason)")
      #expect(left.reason.contains("drain: x and z are on host a1, which is to be left"), "\(left.reason)")
      #expect(left.warnings.contains(warning), "\(left.warnings)")
    }
    // What has to be with it can't be.
    let clash = try plan { federation, application in
      federation.sites[0].isDrained = true
      application.vms[1].managedBy = "Nova"
      application.constraints = [.together(["x", "y"])]
    }.clash
    #expect(clash.contains("a is to be left (drain)") && clash.contains("together x and y"), "\(clash)")
    let placed = try plan(place: true) { federation, application in
      federation.sites[0].isDrained = true
      application.vms[1].managedBy = "Nova"
    }
    #expect(Set(placed.placement.values) == ["b1"])
  }
}
