import Model
import Planning
import Testing

/// Schedules whose answers can be worked out by hand. A GiB at 1 Gb/s, 125 MB/s, takes 8.589934592 s; a VM switches in
/// 0.05 s.
@Suite struct MoveScheduleExampleTests {
  private static let gib = 1_073_741_824 / 125e6

  /// Sites a (hosts a1, a2, …) and b, 1 Gb/s in and between them.
  private func schedule(
    a: [Double] = [4, 4], b: [Double] = [4, 4], _ vms: [VM], to targets: [String], rows: [TrafficMatrix.Row] = [],
    constraints: [Constraint] = [], egress: Double = 0, limits: MoveLimits = MoveLimits(),
    _ change: (inout Federation) -> Void = { _ in }
  ) throws -> (schedule: MoveSchedule, instance: PlacementInstance) {
    let sites = [("a", a), ("b", b)].map { name, hosts in
      Site(name: name, hosts: hosts.enumerated().map { Host(name: "\(name)\($0 + 1)", vcpus: $1) })
    }
    let link = Link(bandwidthMbps: 1000)
    var federation = Federation(
      sites: sites, links: Links(sameSite: link, betweenSites: link), egress: Egress(betweenSites: egress))
    change(&federation)
    let instance = try PlacementInstance(
      federation: federation,
      application: Application(name: "x", remainingHours: 1, vms: vms, constraints: constraints),
      traffic: TrafficMatrix(rows: rows, hasWaits: false), windowSeconds: 1, now: Timestamp(nanoseconds: 0), task: .move
    )
    let names = federation.sites.flatMap(\.hosts).map(\.name)
    let hosts = try vms.map { try #require(names.firstIndex(of: $0.host ?? "")) }
    let wanted = try targets.map { try #require(names.firstIndex(of: $0)) }
    return (MoveSchedule(from: hosts, to: wanted, in: instance, limits: limits), instance)
  }

  private func isNear(_ values: [Double], _ others: [Double]) -> Bool {
    values.count == others.count && zip(values, others).allSatisfy { abs($0 - $1) < 1e-6 }
  }

  /// One after the other they have the link to themselves: while the first switches, the second sends.
  @Test func strangersGoOneAfterTheOther() throws {
    let (schedule, _) = try schedule(
      [VM(name: "x", memoryGiB: 1, host: "a1"), VM(name: "y", memoryGiB: 2, host: "a2")], to: ["b1", "b2"],
      limits: MoveLimits(perLink: 1))
    let ends = schedule.moves.map(\.end)
    #expect(isNear([ends.max() ?? 0], [3 * Self.gib + 0.05]))
    #expect(schedule.moves[1].start == schedule.moves[0].sent && schedule.moves[1].after == [0])
    #expect(abs(schedule.leastSeconds - schedule.seconds) < 1e-9)
  }

  /// Two that talk a lot share the link, so that both are over at the same time: apart they pay the WAN for 8.6 s.
  @Test func aPairGoesSideBySide() throws {
    let rows = [TrafficMatrix.Row(source: .name("x"), destination: .name("y"), ipBytes: 1e6)]
    let vms = [VM(name: "x", memoryGiB: 1, host: "a1"), VM(name: "y", memoryGiB: 1, host: "a2")]
    let together = try schedule(vms, to: ["b1", "b2"], rows: rows, egress: 1).schedule
    #expect(together.moves.map(\.start) == [0, 0])
    #expect(isNear(together.moves.map(\.end), [2 * Self.gib + 0.05, 2 * Self.gib + 0.05]))
    #expect(together.crossingBytes == 0)
    let apart = try schedule(vms, to: ["b1", "b2"], rows: rows, egress: 1, limits: MoveLimits(perLink: 1)).schedule
    #expect(isNear(apart.moves.map(\.end), [Self.gib + 0.05, 2 * Self.gib + 0.05]))
    #expect(isNear([apart.crossingBytes / 1e6, apart.crossingPrice * 1e3], [Self.gib, Self.gib]))
  }

  /// Both ways at once, since a link carries as much back; the limit of a pair of sites can forbid that.
  @Test func oppositeWaysDoNotShare() throws {
    let vms = [VM(name: "x", memoryGiB: 1, host: "a1"), VM(name: "y", memoryGiB: 1, host: "b1")]
    let (schedule, _) = try schedule(vms, to: ["b1", "a1"])
    #expect(isNear(schedule.moves.map(\.end), [Self.gib + 0.05, Self.gib + 0.05]))
    let narrow = try self.schedule(vms, to: ["b1", "a1"], limits: MoveLimits(perSitePair: 1)).schedule
    #expect(isNear(narrow.moves.map(\.end), [Self.gib + 0.05, 2 * Self.gib + 0.1]))
  }

  @Test func oneAtATimeLeavesAHost() throws {
    let vms = ["x", "y"].map { VM(name: $0, memoryGiB: 1, host: "a1") }
    let (schedule, _) = try schedule(vms, to: ["b1", "b2"])
    #expect(isNear(schedule.moves.map(\.end), [Self.gib + 0.05, 2 * Self.gib + 0.1]))
  }

  /// The second can only come when the first has left, and takes its place at that instant.
  @Test func roomIsFreeWhenAMoveHasEnded() throws {
    let (schedule, _) = try schedule(
      a: [1, 1], b: [1], [VM(name: "x", memoryGiB: 1, host: "a1"), VM(name: "y", memoryGiB: 1, host: "a2")],
      to: ["b1", "a1"])
    #expect(schedule.moves.map(\.vm) == [0, 1])
    #expect(isNear(schedule.moves.map(\.start), [0, Self.gib + 0.05]))
    #expect(schedule.moves[1].after == [0])
  }

  /// Two full hosts change their VMs: the smaller one waits on a spare host, and its bytes cross twice.
  @Test func aSwapGoesOverASpareHost() throws {
    let (schedule, instance) = try schedule(
      a: [1, 1], b: [1], [VM(name: "x", memoryGiB: 4, host: "a1"), VM(name: "y", memoryGiB: 1, host: "b1")],
      to: ["b1", "a1"], egress: 0.1)
    #expect(schedule.isComplete && instance.hosts.map(\.name) == ["a1", "a2", "b1"])
    #expect(schedule.moves.map(\.vm) == [1, 0, 1])
    #expect(schedule.moves.map(\.to) == [1, 2, 0])
    #expect(schedule.moves.map(\.isDetour) == [true, false, true])
    // To a2 from b, x to b, and on from a2 to a1 when x has ended.
    #expect(isNear(schedule.moves.map(\.start), [0, Self.gib + 0.05, 5 * Self.gib + 0.1]))
    #expect(isNear([schedule.seconds], [6 * Self.gib + 0.15]))
    // Inside a site bytes cost nothing: what is added is one more switch.
    #expect(abs(schedule.detourPrice) < 1e-12 && isNear([schedule.detourDowntimeSeconds], [0.05]))
  }

  /// x may not be at a, where the only spare host is, and y is to be apart from z, which has to stay there.
  @Test func aCycleWithoutRoomIsStuck() throws {
    let (schedule, _) = try schedule(
      a: [1], b: [1, 1],
      [
        VM(name: "x", memoryGiB: 4, host: "b1"), VM(name: "y", memoryGiB: 1, host: "b2"),
        VM(name: "z", vcpus: 0, memoryGiB: 1, host: "a1"),
      ], to: ["b2", "b1", "a1"],
      constraints: [.ban(vm: "x", sites: ["a"]), .apart(["y", "z"]), .pin(vm: "z", sites: ["a"])])
    #expect(!schedule.isComplete && schedule.isProven && schedule.moves.isEmpty)
    #expect(schedule.stuck == [0, 1])
    #expect(schedule.obstacles.first == "x needs 1 vCPU on b2, which has 0 free until y has left")
    #expect(schedule.whyNotAside == "no third host has room to set one of them aside")
  }

  /// Where neither of two VMs that change places finds room elsewhere, one that stays goes away and comes back.
  @Test func anotherMakesRoom() throws {
    let (schedule, _) = try schedule(
      a: [4, 4], b: [1],
      [
        VM(name: "x", vcpus: 3, memoryGiB: 1, host: "a1"), VM(name: "y", vcpus: 3, memoryGiB: 1, host: "a2"),
        VM(name: "z", vcpus: 1, memoryGiB: 1, host: "a1"),
      ], to: ["a2", "a1", "a1"])
    // With one vCPU to spare at a2 and one at b1 there is room for none of the three.
    #expect(!schedule.isComplete)
    let roomier = try self.schedule(
      a: [6, 4], b: [1],
      [
        VM(name: "x", vcpus: 3, memoryGiB: 1, host: "a1"), VM(name: "y", vcpus: 3, memoryGiB: 1, host: "a2"),
        VM(name: "z", vcpus: 1, memoryGiB: 1, host: "a1"),
      ], to: ["a2", "a1", "a1"]
    ).schedule
    #expect(roomier.isComplete)
    #expect(Set(roomier.moves.filter(\.isDetour).map(\.vm)) == [2])
    #expect(roomier.moves.last.map { [$0.vm, $0.to] } == [2, 0])
  }

  /// b1 has room for one of the VMs that stay. The smaller one is tried first, and doesn't help; the other one does.
  @Test func anotherOneMakesRoomAfterOneThatDoesNot() throws {
    let (schedule, _) = try schedule(
      a: [4, 3], b: [1],
      [
        VM(name: "x", vcpus: 2, memoryGiB: 1, host: "a1"), VM(name: "y", vcpus: 2, memoryGiB: 1, host: "a2"),
        VM(name: "p", vcpus: 1, memoryGiB: 2, host: "a1"), VM(name: "q", vcpus: 1, memoryGiB: 1, host: "a2"),
      ], to: ["a2", "a1", "a1", "a2"])
    #expect(schedule.isComplete)
    #expect(Set(schedule.moves.filter(\.isDetour).map(\.vm)) == [2])
  }

  // MARK: - What holds on the way

  private static let swapped = [VM(name: "x", memoryGiB: 4, host: "a1"), VM(name: "y", memoryGiB: 1, host: "b1")]

  /// A VM on its way counts at both sites.
  @Test func aSpreadHoldsWhileVMsMove() throws {
    let (schedule, _) = try schedule(
      Self.swapped, to: ["b1", "a1"], constraints: [.spread(["x", "y"], maximumPerSite: 1)])
    #expect(schedule.stuck == [0, 1])
    #expect(
      schedule.obstacles.first
        == "x needs a place of those that its spread has at b, which has 0 left until y has left")
  }

  @Test func aNumberOfVMsHoldsWhileTheyMove() throws {
    let (schedule, _) = try schedule(Self.swapped, to: ["b1", "a1"]) { $0.sites[1].quota.vms = 1 }
    #expect(schedule.moves.map(\.vm) == [1, 0] && schedule.moves[1].after == [0])
  }

  @Test func headroomStaysFreeWhileVMsMove() throws {
    // Of four vCPUs one may be used: full with x.
    let (schedule, _) = try schedule(Self.swapped, to: ["b1", "a1"]) { $0.sites[0].headroom = 0.75 }
    #expect(schedule.moves.map(\.vm) == [0, 1] && schedule.moves[1].after == [0])
  }

  /// The only spare host is drained, or has a later QEMU than that to which the VM would have to go on.
  @Test func noDetourOverAHostThatTakesNoVMs() throws {
    func swap(_ change: (inout Federation) -> Void) throws -> MoveSchedule {
      try schedule(a: [1, 1], b: [1], Self.swapped, to: ["b1", "a1"], change).schedule
    }
    #expect(try swap { _ in }.isComplete)
    #expect(try swap { $0.sites[0].hosts[1].isDrained = true }.stuck == [0, 1])
    let versions = { (spare: Int) in
      try swap { federation in
        for site in federation.sites.indices {
          for host in federation.sites[site].hosts.indices {
            federation.sites[site].hosts[host].qemuVersion = QEMUVersion(8)
          }
        }
        federation.sites[0].hosts[1].qemuVersion = QEMUVersion(spare)
      }
    }
    #expect(try versions(8).isComplete)
    #expect(try versions(9).stuck == [0, 1])
  }
}
