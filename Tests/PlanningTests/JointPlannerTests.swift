import Model
import Planning
import Testing

/// Applications that share a cheap site and a dear one, each with hosts of one vCPU; answers are worked out by hand.
@Suite struct JointPlannerTests {
  static func federation(cheap: Int, dear: Int, owners: [Owner] = []) -> Federation {
    func hosts(_ name: String, _ count: Int) -> [Host] { (0..<count).map { Host(name: "\(name)\($0)", memoryGiB: 8) } }
    return Federation(
      sites: [
        Site(name: "cheap", price: Price(vmHour: 0.1), hosts: hosts("c", cheap)),
        Site(name: "dear", price: Price(vmHour: 1), hosts: hosts("d", dear)),
      ], owners: owners)
  }

  static func application(_ name: String, owner: String? = nil, vms: Int, on hosts: [String]? = nil) -> Application {
    Application(
      name: name, remainingHours: 10,
      vms: (0..<vms).map { VM(name: "\(name)\($0)", memoryGiB: 1, host: hosts?[$0]) }, owner: owner)
  }

  func plan(
    _ federation: Federation, _ applications: [Application], rows: [TrafficMatrix.Row] = []
  ) throws -> JointPlan {
    try JointPlanner(
      federation: federation, applications: applications, traffic: TrafficMatrix(rows: rows, hasWaits: true),
      windowSeconds: 1, now: Timestamp(nanoseconds: 0), task: applications[0].vms[0].host == nil ? .place : .move
    ).plan(within: .steps)
  }

  func count(_ plan: JointPlan, _ application: String, at prefix: String) -> Int {
    plan.placement.count { $0.key.hasPrefix("\(application)/") && $0.value.hasPrefix(prefix) }
  }

  /// Four cheap places for eight VMs: half each, whoever is first; with three shares to one, three to one.
  @Test(arguments: [([], 2, 2), ([Owner(name: "alice", shares: 3)], 3, 1), ([Owner(name: "bob", shares: 3)], 1, 3)])
  func whatIsCheapIsSharedByShares(owners: [Owner], alice: Int, bob: Int) throws {
    let dear = { (range: Range<Int>) in range.map { "d\($0)" } }
    let plan = try plan(
      Self.federation(cheap: 4, dear: 8, owners: owners),
      [
        Self.application("x", owner: "alice", vms: 4, on: dear(0..<4)),
        Self.application("y", owner: "bob", vms: 4, on: dear(4..<8)),
      ])
    #expect(plan.decision == .move && plan.orderable)
    #expect(count(plan, "x", at: "c") == alice && count(plan, "y", at: "c") == bob)
    #expect(plan.moves.map(\.order) == [1, 2, 3, 4])
    #expect(plan.moves.allSatisfy { $0.vm.contains("/") })
    #expect(plan.owners.map(\.owner) == ["alice", "bob"])
    #expect(plan.owners.map(\.after) == [4.0 / 12, 4.0 / 12])
    #expect(plan.owners[0].part == Double(alice) / 4)
  }

  /// An application of nobody that is named like an owner is another party than that owner, without its shares.
  @Test func anApplicationMayBeNamedLikeAnOwner() throws {
    let dear = { (range: Range<Int>) in range.map { "d\($0)" } }
    let plan = try plan(
      Self.federation(cheap: 4, dear: 8, owners: [Owner(name: "alice", shares: 3)]),
      [
        Self.application("x", owner: "alice", vms: 4, on: dear(0..<4)),
        Self.application("alice", vms: 4, on: dear(4..<8)),
      ])
    #expect(count(plan, "x", at: "c") == 3 && count(plan, "alice", at: "c") == 1)
    #expect(plan.owners.map(\.owner) == ["alice", "alice (application)"])
    #expect(plan.owners.map(\.part) == [0.75, 0.25])
    #expect(plan.parts.map(\.owner) == ["alice", "alice (application)"])
  }

  /// What one leaves of its part is free to the other.
  @Test func whatIsLeftOverIsFreeToAll() throws {
    let plan = try plan(
      Self.federation(cheap: 4, dear: 8),
      [
        Self.application("x", owner: "alice", vms: 4, on: ["d0", "d1", "d2", "d3"]),
        Self.application("y", owner: "bob", vms: 1, on: ["d4"]),
      ])
    #expect(count(plan, "x", at: "c") == 3 && count(plan, "y", at: "c") == 1)
  }

  /// Nobody loses what it has: x keeps its four places, however many shares bob has.
  @Test func nobodyIsPushedAway() throws {
    let plan = try plan(
      Self.federation(cheap: 4, dear: 8, owners: [Owner(name: "bob", shares: 100)]),
      [
        Self.application("x", owner: "alice", vms: 4, on: ["c0", "c1", "c2", "c3"]),
        Self.application("y", owner: "bob", vms: 2, on: ["d0", "d1"]),
      ])
    #expect(plan.decision == .stay && plan.moves.isEmpty)
    #expect(plan.parts.map(\.plan.decision) == [.stay, .stay])
  }

  /// Quotas are of all together.
  @Test func quotasAreShared() throws {
    var federation = Self.federation(cheap: 4, dear: 8)
    federation.sites[0].quota.vms = 2
    let plan = try plan(
      federation,
      [
        Self.application("x", owner: "alice", vms: 2, on: ["d0", "d1"]),
        Self.application("y", owner: "bob", vms: 2, on: ["d2", "d3"]),
      ])
    #expect(plan.placement.values.count { $0.hasPrefix("c") } == 2)
  }

  /// y fits nowhere but at cheap, where x would go first by its name: y is served before it then.
  @Test func whoFindsNoPlaceIsServedFirst() throws {
    var y = Self.application("y", owner: "bob", vms: 3)
    y.constraints = y.vms.map { .pin(vm: $0.name, sites: ["cheap"]) }
    let plan = try plan(Self.federation(cheap: 3, dear: 3), [Self.application("x", owner: "alice", vms: 3), y])
    #expect(plan.decision == .place)
    #expect(count(plan, "x", at: "d") == 3 && count(plan, "y", at: "c") == 3)
  }

  @Test func tooLittleForAllIsSaid() throws {
    let plan = try plan(
      Self.federation(cheap: 1, dear: 1), [Self.application("x", vms: 1), Self.application("y", vms: 2)])
    #expect(plan.decision == .infeasible && plan.placement.isEmpty)
    #expect(plan.reason.hasPrefix("no placement was found beside the others for "))
  }

  /// Both would be a/b/c.
  @Test func namesAreToldApart() throws {
    var applications = [Self.application("a", vms: 1, on: ["d0"]), Self.application("a/b", vms: 1, on: ["d1"])]
    (applications[0].vms[0].name, applications[1].vms[0].name) = ("b/c", "c")
    #expect(throws: PlacementError.duplicateName("a/b/c")) {
      try plan(Self.federation(cheap: 1, dear: 2), applications)
    }
  }

  /// A VM of another application counts as a fixed endpoint where it is; names that two applications have must be told
  /// apart.
  @Test func trafficBetweenApplications() throws {
    var federation = Self.federation(cheap: 1, dear: 2)
    federation.egress.betweenSites = 1
    // 10⁵ bytes/s over 10 h are 3.6 GB: 3.6 for being apart, 9 saved by moving.
    let rows = { (bytes: Double) in
      [TrafficMatrix.Row(source: .name("x0"), destination: .name("y/y0"), ipBytes: bytes)]
    }
    var y = Self.application("y", vms: 1, on: ["d1"])
    y.constraints = [.pin(vm: "y0", sites: ["dear"])]
    let applications = [Self.application("x", vms: 1, on: ["d0"]), y]
    #expect(try plan(federation, applications, rows: rows(1e5)).placement["x/x0"] == "c0")
    #expect(try plan(federation, applications, rows: rows(1e6)).placement["x/x0"] == "d0")
    var sharing = [applications[0], y]
    let address = IPAddress(v4: 0x0a00_0001)
    for index in sharing.indices { sharing[index].vms[0].addresses = [address] }
    #expect(throws: PlacementError.duplicateAddress(.address(address), first: "x/x0", second: "y/y0")) {
      try plan(
        federation, sharing, rows: [TrafficMatrix.Row(source: .address(address), destination: .name("x0"), ipBytes: 1)])
    }
    y.vms[0].name = "x0"
    y.constraints = []
    #expect(throws: PlacementError.duplicateAddress(.name("x0"), first: "x/x0", second: "y/x0")) {
      try plan(federation, [applications[0], y], rows: rows(1))
    }
  }
}
