import Model
import Planning
import Testing

/// Placements one after another, on the cloud and the grid of `ReportArgumentTests`: 10 hours are left, the grid is
/// free and open for 4.
@Suite struct StagingTests {
  /// On the grid already: it stays until a minute before the end, then pays for 6 hours and a minute.
  @Test func staysUntilTheSiteCloses() throws {
    let plan = try ReportArgumentTests.grid(host: "grid-1")
    #expect(plan.decision == .stay && plan.moves.isEmpty)
    #expect(plan.placement == ["x": "grid-1"])
    #expect(plan.next.map(\.move.to) == ["cloud-1"])
    #expect(abs((plan.after?.cost.total ?? 0) - (36_000 - 14_340) / 3600) < 1e-9)
    #expect(plan.after?.seconds == 36_000.05)
    #expect(plan.reason.hasPrefix("staying, then moving 1 VM before grid closes at 1970-01-01T04:00:00Z: over the"))
    #expect(
      plan.explanation.rows.filter { $0.section == .stages && $0.term == "length" }.map(\.after) == [14_340, 21_660.05])
  }

  /// 1 GiB at 10⁷ bytes/s takes 107.3741824 s: half as much again is left before the grid closes.
  @Test func leavesInTimeForItsMoves() throws {
    let plan = try ReportArgumentTests.grid(host: "grid-1", bandwidthMbps: 80)
    let seconds = 14_400 - 1.5 * 107.3741824
    #expect(plan.next.map(\.notBefore) == [Timestamp(seconds: seconds)])
    #expect(plan.next.map(\.move.transferSeconds) == [107.3741824])
    #expect(abs((plan.after?.cost.total ?? 0) - (36_000 - seconds) / 3600) < 1e-9)
  }

  /// Where a move away takes longer than the window, there is no way to be there.
  @Test func doesNotGoWhereItCannotLeaveInTime() throws {
    let plan = try ReportArgumentTests.grid(bandwidthMbps: 0.5)
    #expect(plan.decision == .stay && plan.next.isEmpty)
  }

  /// The grid opens in two hours: until then the cloud is paid.
  @Test func waitsForASiteThatOpens() throws {
    let plan = try ReportArgumentTests.grid { federation, _ in
      federation.sites[1].windows = [TimeWindow(from: Timestamp(nanoseconds: 7_200_000_000_000))]
    }
    #expect(plan.decision == .stay)
    #expect(plan.next.map(\.notBefore) == [Timestamp(nanoseconds: 7_200_000_000_000)])
    #expect(plan.next.map(\.by) == [nil])
    #expect(abs((plan.after?.cost.total ?? 0) - 2) < 1e-9)
  }

  /// Open from 2 to 4 hours: there and back again, 8 hours and a minute on the cloud.
  @Test func goesThereAndBack() throws {
    let plan = try ReportArgumentTests.grid { federation, _ in
      federation.sites[1].windows = [
        TimeWindow(from: Timestamp(nanoseconds: 7_200_000_000_000), until: Timestamp(nanoseconds: 14_400_000_000_000))
      ]
    }
    #expect(plan.next.map(\.move.to) == ["grid-1", "cloud-1"])
    #expect(plan.next.map(\.by) == [nil, Timestamp(nanoseconds: 14_400_000_000_000)])
    // Of the 7,140 s on the grid 0.05 are the downtime of the move there.
    #expect(abs((plan.after?.cost.total ?? 0) - (36_000 - 7_140 + 0.05) / 3600) < 1e-9)
  }

  /// When the grid closes, a (3 GiB) and b (2) have to change places, so that z (2) finds room: b by way of another
  /// site. Each half of its detour leaves a site, and costs that; the direct move would leave none.
  @Test func aLaterDetourCostsItsHalves() throws {
    func vm(_ name: String, _ memory: Double, _ host: String) -> VM { VM(name: name, memoryGiB: memory, host: host) }
    func host(_ name: String, _ memory: Double) -> Host { Host(name: name, vcpus: 8, memoryGiB: memory) }
    let plan = try Planner(
      federation: Federation(
        sites: [
          Site(name: "cloud", price: Price(vmHour: 1), hosts: [host("c1", 4), host("c2", 3)]),
          Site(
            name: "grid", windows: [TimeWindow(until: Timestamp(nanoseconds: 14_400_000_000_000))],
            hosts: [host("g1", 2)]),
          Site(name: "spare", price: Price(vmHour: 100), hosts: [host("s1", 2)]),
        ], egress: Egress(betweenSites: 0.5)),
      application: Application(
        name: "x", remainingHours: 10, vms: [vm("a", 3, "c1"), vm("b", 2, "c2"), vm("z", 2, "g1")]),
      traffic: TrafficMatrix(rows: [], hasWaits: true), windowSeconds: 1, now: Timestamp(nanoseconds: 0), task: .move
    ).plan(within: .steps)
    let costs = Dictionary(plan.next.map { ("\($0.move.vm) \($0.move.from) \($0.move.to)", $0.cost) }) { $0 + $1 }
    #expect(Set(costs.keys) == ["a c1 c2", "b c2 s1", "b s1 c1", "z g1 c1"], "\(plan.next)")
    #expect(costs["a c1 c2"] == 0)
    for move in ["b c2 s1", "b s1 c1", "z g1 c1"] {
      #expect(abs((costs[move] ?? 0) - 0.5 * 2.147483648) < 1e-9, "\(move)")
    }
  }

  /// Off to a free site that stays open, though staying until the grid closes would do: 4 hours at 0.5 are saved.
  @Test func movesForGoodWhereThatIsBest() throws {
    let plan = try ReportArgumentTests.grid(host: "grid-1") { federation, _ in
      federation.sites[1].price.vmHour = 0.5
      federation.sites.append(Site(name: "free", hosts: [Host(name: "free-1")]))
    }
    #expect(plan.decision == .move && plan.placement == ["x": "free-1"] && plan.next.isEmpty)
    #expect(plan.reason.hasPrefix("moving 1 VM now to the end: over the whole remaining run that costs 0; staying now"))
    #expect(!plan.solution.method.contains("stage"))
    // The run lasts longer than the grid is open, but until then nothing has to be mended.
    #expect(plan.canStay)
  }

  /// Half a minute before the grid closes it is too late to stay.
  @Test func leavesAtOnceWhatClosesNow() throws {
    let plan = try ReportArgumentTests.grid(host: "grid-1") { federation, _ in
      federation.sites[1].windows = [TimeWindow(until: Timestamp(seconds: 30))]
    }
    #expect(plan.decision == .move && !plan.canStay)
  }

  /// A minute before the end it leaves: where that is due before the next decision, at once.
  @Test func leavesAtOnceWhatIsToBeLeftBeforeTheNextDecision() throws {
    for (seconds, decision) in [(89.0, Plan.Decision.move), (91, .stay)] {
      let plan = try ReportArgumentTests.grid(host: "grid-1") { federation, _ in
        federation.sites[1].windows = [TimeWindow(until: Timestamp(seconds: seconds))]
      }
      #expect(plan.decision == decision && plan.canStay == (decision == .stay))
    }
  }

  /// A gain under the threshold isn't worth the moves: 0.9 instead of 1 for 4 of 10 hours are 4 %.
  @Test func staysForLess() throws {
    let plan = try ReportArgumentTests.grid { federation, _ in federation.sites[1].price.vmHour = 0.9 }
    #expect(plan.decision == .stay && plan.next.isEmpty)
  }

  /// Placed on the grid, with the move to the cloud in the plan.
  @Test func placesWhereItHasToLeave() throws {
    let plan = try ReportArgumentTests.grid(host: nil)
    #expect(plan.decision == .place)
    #expect(plan.placement == ["x": "grid-1"] && plan.next.map(\.move.to) == ["cloud-1"])
  }

  /// A deadline speaks of the whole: with half the speed on the grid four hours there do two hours' work.
  @Test func deadlinesSpeakOfTheWhole() throws {
    for (hours, decision) in [(12.5, Plan.Decision.move), (11.5, .stay)] {
      let plan = try ReportArgumentTests.grid { federation, application in
        federation.sites[1].hosts[0].speed = 0.5
        application.deadline = Timestamp(seconds: hours * 3600)
      }
      #expect(plan.decision == decision)
    }
  }

  /// What is seen after the moves is the pace of the first placement: half of the present one.
  @Test func thePlacementHasASlowdownOfItsOwn() throws {
    let plan = try ReportArgumentTests.grid { federation, _ in federation.sites[1].hosts[0].speed = 0.5 }
    #expect(plan.decision == .move && plan.placementSlowdown == 2)
    // 14,340 s there do half of that in work; the rest is at the cloud.
    #expect(abs((plan.after?.slowdown ?? 0) - (36_000 + 14_340 / 2) / 36_000) < 1e-5)
  }

  /// `availableUntil` takes only what ends before.
  @Test func aSiteThatIsAvailableUntilAnInstantTakesNoParts() throws {
    let plan = try ReportArgumentTests.grid { federation, _ in
      federation.sites[1].windows = []
      federation.sites[1].availableUntil = Timestamp(nanoseconds: 14_400_000_000_000)
    }
    #expect(plan.decision == .stay && plan.next.isEmpty)
  }
}
