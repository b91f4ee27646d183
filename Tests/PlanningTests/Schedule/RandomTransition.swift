import Model
import Planning

/// A federation with little room, an application on it and another placement that fits, some moves away.
struct RandomTransition {
  var federation: Federation
  var application: Application
  var traffic: TrafficMatrix
  var present: [Int] = []
  var target: [Int] = []

  /// - Parameter most: moves at most.
  init?(seed: Int, most: Int = 7) throws {
    var random = FixedRandom(seed)
    let siteCount = random.pick([1, 2, 2, 2, 3])
    var sites: [Site] = []
    for site in 0..<siteCount {
      sites.append(
        Site(
          name: "s\(site)", price: Price(vmHour: random.pick([0.1, 0.2])),
          hosts: (0..<random.pick([2, 2, 3, 4])).map {
            Host(name: "h\(site)\($0)", vcpus: random.pick([2, 4, 4, 6]), memoryGiB: random.pick([nil, 8, 16, 24]))
          }))
    }
    let hosts = sites.flatMap(\.hosts)
    let names = (0..<Int.random(in: 3...10, using: &random)).map { "vm\($0)" }
    var links = Links(
      sameSite: Link(latencyMs: 0.1, bandwidthMbps: random.pick([1000, 10_000])),
      betweenSites: Link(latencyMs: 10, bandwidthMbps: random.pick([500, 1000])))
    if random.chance(0.5) { links.pairs[UnorderedPair("s0", "s1")] = Link(latencyMs: 5, bandwidthMbps: 2000) }
    federation = Federation(sites: sites, links: links, egress: Egress(betweenSites: 0.05))
    application = Application(
      name: "random", remainingHours: 10,
      vms: names.map {
        VM(
          name: $0, vcpus: random.pick([1, 1, 2, 2, 4]), memoryGiB: random.pick([0.5, 1, 2, 4, 8]),
          dirtyMiBps: random.pick([0, 0, 5, 20, 40]),
          disks: random.chance(0.2) ? [Disk(gib: random.pick([2, 10]), writeMiBps: random.pick([0, 3]))] : [],
          host: hosts[0].name)
      })
    if random.chance(0.4) { application.constraints.append(.apart([names[0], names[1]])) }
    if random.chance(0.2) { application.constraints.append(.pin(vm: names[0], sites: ["s0"])) }
    if random.chance(0.3) { application.constraints.append(.together([names[1], names[2]])) }
    var rows: [TrafficMatrix.Row] = []
    for source in names {
      for destination in names where source != destination && random.chance(0.3) {
        rows.append(
          TrafficMatrix.Row(
            source: .name(source), destination: .name(destination), ipBytes: random.pick([1e6, 1e7, 1e8])))
      }
    }
    traffic = TrafficMatrix(rows: rows, hasWaits: false)
    let loose = try instance()
    guard let placed = Self.feasible(in: loose, near: nil, most: .max, &random) else { return nil }
    place(placed)
    // A quota that both placements keep, and not much more.
    for site in federation.sites.indices where random.chance(0.3) {
      let used = placed.indices.filter { loose.hostSites[placed[$0]] == site }
        .reduce(0) { $0 + application.vms[$1].vcpus }
      federation.sites[site].quota.vcpus = used + random.pick([0, 1, 2])
    }
    present = placed
    let tight = try self.instance()
    guard let target = Self.feasible(in: tight, near: placed, most: most, &random) else { return nil }
    self.target = target
  }

  private mutating func place(_ placement: [Int]) {
    let hosts = federation.sites.flatMap(\.hosts)
    for vm in placement.indices { application.vms[vm].host = hosts[placement[vm]].name }
  }

  func instance() throws -> PlacementInstance {
    try PlacementInstance(
      federation: federation, application: application, traffic: traffic, windowSeconds: 10,
      now: Timestamp(nanoseconds: 0), task: .move)
  }

  private static func feasible(
    in instance: PlacementInstance, near present: [Int]?, most: Int, _ random: inout FixedRandom
  ) -> [Int]? {
    for _ in 0..<400 {
      var placement = present ?? instance.vms.map { _ in Int.random(in: instance.hosts.indices, using: &random) }
      if let present {
        // Cycles of VMs, and single ones that go elsewhere.
        let movers = Array(present.indices.shuffled(using: &random).prefix(Int.random(in: 1...most, using: &random)))
        if random.chance(0.6) {
          for (place, vm) in movers.enumerated() { placement[vm] = present[movers[(place + 1) % movers.count]] }
          if random.chance(0.5), let vm = movers.first {
            placement[vm] = Int.random(in: instance.hosts.indices, using: &random)
          }
        } else {
          for vm in movers { placement[vm] = Int.random(in: instance.hosts.indices, using: &random) }
        }
        guard placement != present else { continue }
      }
      let evaluation = PlacementEvaluation(of: placement, in: instance)
      let isFeasible = evaluation.violations.allSatisfy {
        if case .notMovable = $0 { return present == nil }
        return false
      }
      if isFeasible { return placement }
    }
    return nil
  }
}
