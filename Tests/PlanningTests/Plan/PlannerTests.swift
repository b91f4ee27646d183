import Foundation
import Model
import Planning
import Testing

/// Decisions on small questions whose answers can be worked out by hand: x alone, on a host of one site (a1 at a) that
/// may cost more than that of another (b1 at b).
@Suite struct PlannerTests {
  var federation = Federation(sites: [
    Site(name: "a", price: Price(vmHour: 1), hosts: [Host(name: "a1", vcpus: 2)]),
    Site(name: "b", price: Price(vmHour: 0.9), hosts: [Host(name: "b1", vcpus: 2)]),
  ])
  var application = Application(name: "test", remainingHours: 10, vms: [VM(name: "x", memoryGiB: 1, host: "a1")])

  func plan(
    needsMinimumGain: Bool = true, limits: SearchLimits = .steps,
    _ change: (inout Federation, inout Application) -> Void = { _, _ in }
  ) throws -> Plan {
    var (federation, application) = (federation, application)
    change(&federation, &application)
    return try Planner(
      federation: federation, application: application, traffic: TrafficMatrix(rows: [], hasWaits: true),
      windowSeconds: 1, now: Timestamp(nanoseconds: 0), task: application.vms[0].host == nil ? .place : .move
    ).plan(within: limits, needsMinimumGain: needsMinimumGain)
  }

  @Test func movesForAGainAtTheThreshold() throws {
    let plan = try plan { $1.minimumGain = 0.1 }
    #expect(plan.decision == .move)
    #expect(
      plan.reason == "moving 1 VM saves 10 % of the cost (10 → 9), mostly by hosting at 0.9 instead of 1 per hour")
    #expect(plan.placement == ["x": "b1"])
    #expect(plan.moves.map(\.why) == ["hosting at b costs 0.9 instead of 1 per hour"])
    // Unlimited bandwidth: only the switch takes time.
    #expect(plan.moves.map(\.downtimeSeconds) == [0.05])
    #expect(plan.after?.seconds == 36_000.05)
  }

  @Test func staysForLess() throws {
    let plan = try plan { $1.minimumGain = 0.11 }
    #expect(plan.decision == .stay)
    #expect(plan.reason.hasSuffix("that is under the threshold of 11 %"))
    #expect(plan.placement == ["x": "a1"])
    #expect(plan.moves.isEmpty)
    #expect(plan.after == plan.before)
  }

  @Test func movesForLessWhereAskedTo() throws {
    let plan = try plan(needsMinimumGain: false) { $1.minimumGain = 0.11 }
    #expect(plan.decision == .move)
    #expect(plan.reason.hasSuffix("that is under the threshold of 11 %: the advice is to stay"))
  }

  @Test func staysWhereNothingIsBetter() throws {
    let plan = try plan(needsMinimumGain: false) { federation, _ in federation.sites[1].price.vmHour = 1 }
    #expect(plan.decision == .stay)
    #expect(plan.reason == "no other placement that fits has less cost than the present one: 10")
  }

  @Test func mendsWhateverItGains() throws {
    let plan = try plan { federation, application in
      federation.sites[1].price.vmHour = 2
      application.constraints = [.ban(vm: "x", sites: ["a"])]
    }
    #expect(plan.decision == .move)
    #expect(
      plan.reason == "the present placement breaks constraints (ban: VM x is at a); of the placements that fit, this "
        + "has the least cost: 20")
    #expect(plan.moves.map(\.why) == ["mends ban: VM x is at a"])
  }

  @Test func staysWithAVMThatCannotBeMoved() throws {
    let plan = try plan { federation, application in
      federation.links.betweenSites.bandwidthMbps = 100
      application.vms[0].dirtyMiBps = 20
      application.minimumGain = 0
    }
    #expect(plan.decision == .stay)
  }

  /// Neither to another site, nor to a faster host of its own, nor where a constraint would have it leave.
  @Test func staysWithAVMThatIsToStay() throws {
    for (reason, hosts) in [(nil, ["a2"]), ("a1 is held", ["a1"])] as [(String?, [String])] {
      let plan = try plan { federation, application in
        federation.sites[0].hosts.append(Host(name: "a2", vcpus: 2, speed: 2))
        (application.objective, application.minimumGain) = (.time, 0)
        application.vms[0].staysBecause = reason
      }
      #expect(Array(plan.placement.values) == hosts)
    }
    let plan = try plan { _, application in
      application.vms[0].staysBecause = "a1 is held"
      application.constraints = [.ban(vm: "x", sites: ["a"])]
    }
    #expect(plan.decision == .infeasible)
    #expect(
      Set(plan.clash) == [
        "x can't be moved from a1 to b1: a1 is held; it takes 1 vCPU and 1 GiB", "ban x from a",
      ])
  }

  @Test func warnsOfMovesThatOutlastTheRun() throws {
    // 1 GiB at 125,000 bytes/s: 8,590 s.
    let plan = try plan { federation, application in
      federation.links.betweenSites.bandwidthMbps = 1
      application.remainingHours = 1
      federation.sites[1].price.vmHour = 0
      federation.sites[0].price.vmHour = 0
      federation.sites[0].hosts[0].vcpus = 0
    }
    #expect(plan.decision == .move)
    #expect(
      plan.warnings == [
        "VM x has no row in the traffic matrix: placed as if silent",
        "the moves take 2.39 h, and the application ends in 60 min: its figures take the moves as "
          + "made at once",
      ])
  }

  /// It began four hours ago, earlier runs took 9, 10 and 11 h: 6 h at 1 or 0.9 an hour. While x stands still for
  /// 0.05 s it is paid for: 0.9 · 0.05 by a saving of 0.1, 0.45 s.
  @Test func plansWithWhatRemainsByEarlierRuns() throws {
    let run = Run(started: Timestamp(nanoseconds: -14_400_000_000_000), earlierHours: [9, 10, 11])
    let plan = try plan { ($1.remainingHours, $1.run) = (nil, run) }
    #expect(plan.decision == .move && !plan.isService)
    #expect(plan.before?.seconds == 21_600 && plan.before?.cost.total == 6)
    #expect(plan.forecast.chosen?.source == .earlierRuns)
    #expect(abs((plan.payBackSeconds ?? 0) - 0.45) < 1e-9)
    #expect(plan.warnings == ["VM x has no row in the traffic matrix: placed as if silent"])
    // 6 h ± 69 min, and b closes in 7.
    let closing = try self.plan {
      ($1.remainingHours, $1.run) = (nil, run)
      $0.sites[1].availableUntil = Timestamp(nanoseconds: 25_200_000_000_000)
    }
    #expect(closing.decision == .move)
    #expect(
      closing.warnings.last == "b closes in 7 h, and the run may not have ended by then: it takes 6 h ± 69.3 min")
    // 4.1, 10 and 16 h: with a deviation of 5.95 h, the 6.03 h that remain may be none.
    let unsure = try self.plan {
      let run = Run(started: Timestamp(nanoseconds: -14_400_000_000_000), earlierHours: [4.1, 10, 16])
      ($1.remainingHours, $1.run) = (nil, run)
    }
    #expect(
      unsure.warnings.last
        == "the moves pay back after 450 ms, and the run may end before that: it takes 6.03 h ± 6.87 h")
  }

  /// x computes half of the time; b1 is twice as fast: 0.5/2 + 0.5. Of a service that is no shorter run.
  @Test(arguments: [nil, 10.0]) func speaksOfAServiceAsARatio(_ hours: Double?) throws {
    let plan = try plan { federation, application in
      federation.sites[1].hosts[0].speed = 2
      application.objective = .time
      application.vms[0].cpu = 0.5
      application.remainingHours = hours
    }
    let saving = hours == nil ? "25 % of the time for the same work (100 % → 75 %)" : "25 % of the time (10 h → 7.5 h)"
    #expect(plan.reason == "moving 1 VM saves \(saving), mostly by faster cores (50 % → 25 % of the present time)")
    #expect(plan.isService == (hours == nil))
  }

  @Test(arguments: Coupling.allCases) func theSlowestVMOfACoupledApplicationDecides(_ coupling: Coupling) throws {
    let plan = try plan { federation, application in
      federation.sites[1].hosts[0].speed = 2
      application.objective = .time
      application.coupling = coupling
      // y has less to gain: 0.4/2 + 0.6 = 0.8, x 0.5/2 + 0.5 = 0.75.
      application.vms = [VM(name: "x", cpu: 0.5, host: "a1"), VM(name: "y", cpu: 0.4, host: "a1")]
    }
    let whose =
      coupling == .coupled
      ? "40 % → 20 % of the present time of y, the slowest VM, which decides"
      : "45 % → 22.5 % of the present time of a VM's, on average"
    #expect(plan.reason.hasSuffix("mostly by faster cores (\(whose))"), "\(plan.reason)")
  }

  /// x leaves the site of its file server: 0.1 s per second for messages, or for the link, or both.
  @Test(arguments: [(true, false, "messages"), (false, true, "links"), (true, true, "messages and links")])
  func namesWhatIsWaitedFor(_ hasWaits: Bool, _ hasBytes: Bool, _ what: String) throws {
    var (federation, application) = (federation, application)
    federation.links.betweenSites = Link(latencyMs: 10, bandwidthMbps: 8)
    application.objective = .time
    application.endpoints = [FixedEndpoint(name: "nfs", site: "b")]
    let row = TrafficMatrix.Row(
      source: .name("nfs"), destination: .name("x"), ipBytes: hasBytes ? 1e5 / 1.05 : 0, waits: hasWaits ? 10 : 0)
    let plan = try Planner(
      federation: federation, application: application, traffic: TrafficMatrix(rows: [row], hasWaits: true),
      windowSeconds: 1, now: Timestamp(nanoseconds: 0), task: .move
    ).plan(within: .steps)
    let share = hasWaits && hasBytes ? "20 %" : "10 %"
    #expect(
      plan.moves.map(\.why) == [
        "waits for \(what) at b take 0 % of the present time instead of \(share), beside nfs"
      ])
  }

  @Test func placesOnTheCheapestSite() throws {
    let plan = try plan { $1.vms[0].host = nil }
    #expect(plan.decision == .place)
    #expect(plan.before == nil)
    #expect(plan.placement == ["x": "b1"])
    #expect(plan.reason == "of the placements that fit, this has the least cost: 9, with 1 host at b")
  }

  @Test func namesTheVMThatFitsNowhere() throws {
    let plan = try plan { $1.vms[0].vcpus = 3 }
    #expect(plan.decision == .infeasible)
    #expect(plan.clash == ["host a1 has 2 vCPUs; x takes 3", "host b1 has 2 vCPUs; x takes 3"])
  }

  @Test func namesSizesThatCannotBePacked() throws {
    let plan = try plan { federation, application in
      federation.sites = [Site(name: "a", hosts: [Host(name: "h1", vcpus: 4), Host(name: "h2", vcpus: 4)])]
      application.vms = [3, 3, 2].enumerated().map { VM(name: "vm\($0)", vcpus: $1) }
    }
    #expect(plan.clash == ["hosts h1 and h2 have 4 and 4 vCPUs (8 in all); the VMs take 3, 3 and 2 (8 in all)"])
  }

  @Test func namesTotalsThatAreTooSmall() throws {
    let plan = try plan { federation, application in
      federation.sites[0].quota.vcpus = 1
      federation.sites[1].hosts = (0..<6).map { Host(name: "b\($0)") }
      application.vms = (0..<8).map { VM(name: "vm\($0)") }
    }
    #expect(
      plan.clash == [
        "the quota of a is 1 vCPU; the 8 VMs take 8 in all, the largest (vm0) 1",
        "the 6 hosts of b have 6 vCPUs in all; the 8 VMs take 8 in all, the largest (vm0) 1",
      ])
  }

  @Test func namesVMsThatAreToBeApartOnTooFewHosts() throws {
    let plan = try plan { _, application in
      application.vms = (0..<3).map { VM(name: "vm\($0)") }
      application.constraints = [.apart(["vm0", "vm1", "vm2"])]
    }
    #expect(plan.clash == ["apart vm0, vm1 and vm2; there are 2 hosts"])
  }

  @Test func namesASiteThatIsTooSmallForVMsTogether() throws {
    let plan = try plan { _, application in
      application.vms = (0..<3).map { VM(name: "vm\($0)", host: "a1") }
      application.constraints = [.together(["vm0", "vm1"]), .together(["vm1", "vm2"]), .pin(vm: "vm2", sites: ["b"])]
    }
    #expect(
      plan.clash == [
        "host b1 has 2 vCPUs; the VMs take 1, 1 and 1 (3 in all)", "together vm0 and vm1", "together vm1 and vm2",
        "pin vm2 to b",
      ])
  }

  @Test func namesAFederationWithoutHosts() throws {
    let plan = try plan { federation, application in
      federation.sites = [Site(name: "a")]
      application.vms[0].host = nil
    }
    #expect(plan.clash == ["the federation has no hosts"])
  }

  @Test func namesTheConstraintsThatClash() throws {
    let plan = try plan { _, application in
      application.constraints = [.pin(vm: "x", sites: ["a"]), .ban(vm: "x", sites: ["a"])]
      application.budget = 9
    }
    #expect(plan.clash == ["pin x to a", "ban x from a"])
  }

  @Test func tellsWhatABudgetLacks() throws {
    let plan = try plan { $1.budget = 8 }
    #expect(plan.clash == ["budget 8; without that the cost is 9"])
    #expect(
      plan.reason == "no placement satisfies the constraints; the present one breaks: budget: the cost of 10 is above "
        + "8")
  }

  @Test func aSwapBetweenFullHostsIsPlannedButHasNoOrder() throws {
    let plan = try plan { federation, application in
      federation.sites[0].hosts[0].vcpus = 1
      federation.sites[1].hosts[0].vcpus = 1
      federation.sites[1].price = Price(memoryGiBHour: 0.1)
      federation.sites[0].price = Price(memoryGiBHour: 1)
      application.vms = [VM(name: "x", memoryGiB: 9, host: "a1"), VM(name: "y", memoryGiB: 1, host: "b1")]
    }
    #expect(plan.decision == .move)
    #expect(plan.moves.map(\.vm) == ["x", "y"])
    #expect(!plan.orderable)
    #expect(
      plan.orderReason == "no order of these moves fits at every step: x needs 1 vCPU on b1, which has 0 free until y "
        + "has left; y needs 1 vCPU on a1, which has 0 free until x has left; no third host has room to set one of them "
        + "aside")
    #expect(plan.schedule == nil && plan.moves.allSatisfy { $0.startSeconds == nil })
  }

  @Test func nothingFoundInTimeIsAnError() {
    #expect(throws: NothingFound.self) {
      // Room for six vCPUs, but not for three times two.
      try plan(limits: SearchLimits(seconds: .infinity, steps: 0)) { federation, application in
        for site in federation.sites.indices { federation.sites[site].hosts[0].vcpus = 3 }
        application.vms = ["x", "y", "z"].map { VM(name: $0, vcpus: 2, host: "a1") }
      }
    }
  }

  @Test func documentHasAllFields() throws {
    func fields(_ plan: Plan) throws -> [String: Any] {
      try #require(JSONSerialization.jsonObject(with: JSONEncoder().encode(plan)) as? [String: Any])
    }
    let place = try fields(plan { $1.vms[0].host = nil })
    #expect(place["before"] is NSNull)
    #expect(place["decision"] as? String == "place")
    let move = try fields(plan())
    #expect(
      Set(move.keys) == [
        "decision", "reason", "objective", "at", "placement", "moves", "schedule", "orderable", "before", "after",
        "solution", "warnings", "remaining", "seen", "payBackSeconds", "saves",
      ])
    #expect(move["at"] as? String == "1970-01-01T00:00:00Z")
    let first = try #require((move["moves"] as? [[String: Any]])?.first)
    #expect(
      Set(first.keys) == [
        "vm", "from", "to", "why", "transferBytes", "transferSeconds", "downtimeSeconds", "order", "startSeconds",
        "endSeconds", "after",
      ])
    #expect(
      Set(try #require(move["schedule"] as? [String: Any]).keys) == [
        "seconds", "leastSeconds", "crossingBytes", "crossingCost", "detours", "detourCost", "detourDowntimeSeconds",
      ])
    let infeasible = try fields(plan { $1.budget = 8 })
    #expect(infeasible["clash"] as? [String] == ["budget 8; without that the cost is 9"])
  }

  @Test func explanationAddsUp() throws {
    let plan = try plan()
    func row(_ subject: String, _ term: String) -> Explanation.Row? {
      plan.explanation.rows.first { $0.subject == subject && $0.term == term }
    }
    #expect(row("x", "σ")?.after == 1)
    #expect(row("x", "hosting")?.before == 10)
    #expect(row("x", "downtime")?.after == 0.05)
    #expect(row("application", "C")?.before == 10)
    #expect(row("application", "C")?.after == 9)
    #expect(row("application", "seconds")?.after == 36_000.05)
  }
}
