import Model

/// An instance laid out for search: flat arrays by index, prices per second, infinities for what isn't limited.
///
/// `n` VMs, `hosts` hosts, `sites` sites; tables by VM and site have entry `vm · sites + site`, by two sites `from ·
/// sites + to`.
package struct SearchProblem: Sendable {
  let n: Int
  let hosts: Int
  let sites: Int
  let coupled: Bool
  let isService: Bool
  /// R.
  let remaining: Double

  // Hosts and sites.
  let hostSite: [Int]
  let siteHosts: [Range<Int>]
  let slowness: [Double]
  let watts: [Double]
  let hostVCPUs: [Double]
  let hostMemory: [Double]
  let quotaVCPUs: [Double]
  let quotaMemory: [Double]
  /// VMs; `.max` where there is no limit.
  let quotaVMs: [Int]
  /// vCPU-seconds.
  let quotaVCPUSeconds: [Double]
  let closes: [Double]
  let deadline: Double
  let budget: Double
  /// σ at most.
  let slowdownLimit: Double

  // Between two sites.
  let latency: [Double]
  let sameHostLatency: Double
  /// Load per byte per second; 0 inside a site and where bandwidth is unlimited.
  let loadFactor: [Double]
  /// Price of a byte per second over the whole run.
  let egressFactor: [Double]

  // VMs.
  let compute: [Double]
  let idle: [Double]
  let waitFactor: [Double]
  let vcpus: [Double]
  let memory: [Double]
  /// Host now; −1 for a first placement.
  let present: [Int]

  // VMs by site.
  /// Price per second.
  let price: [Double]
  /// Whether constraints allow the site; and whether the VM can be moved there from its host.
  let allowed: [Bool]
  let movable: [Bool]
  /// Classes of VMs and of hosts, and which hosts may have which VMs: entry `VM's class · host classes + host's class`.
  let vmClass: [Int]
  let hostClass: [Int]
  let hostClassCount: Int
  let runs: [Bool]
  let hasClasses: Bool
  let migrationCost: [Double]
  let downtime: [Double]

  // Traffic in compressed rows; peers from `n` on are fixed endpoints.
  let traffic: PlacementTraffic
  let endpointSite: [Int]
  let hasWaits: Bool
  let hasLoads: Bool
  let hasEgress: Bool
  /// Whether anything costs anything.
  let hasCost: Bool
  /// Whether any site closes or limits vCPU-hours.
  let hasSiteTimes: Bool

  /// Blocks of VMs that share a site (together, through common members), each VM in one; singles too.
  let block: [Int]
  let blocks: [[Int]]
  /// VMs from whose hosts each is to be apart.
  let apart: [[Int]]
  /// Sets of VMs of which only so many may share a site, and by VM those that it is of.
  let spreads: [Spread]
  let spreadsOf: [[Int]]
  /// Whether VMs are counted by site.
  let hasCounts: Bool

  package init(_ instance: PlacementInstance) {
    n = instance.vms.count
    hosts = instance.hosts.count
    sites = instance.sites.count
    coupled = instance.coupling == .coupled
    isService = instance.isService
    remaining = instance.remainingSeconds
    hostSite = instance.hostSites
    siteHosts = instance.siteHosts
    slowness = instance.hosts.map { 1 / $0.speed }
    watts = instance.hosts.map(\.watts)
    hostVCPUs = instance.rooms.map(\.vcpus)
    hostMemory = instance.rooms.map(\.memoryGiB)
    quotaVCPUs = instance.sites.map { $0.quota.vcpus ?? .infinity }
    quotaMemory = instance.sites.map { $0.quota.memoryGiB ?? .infinity }
    quotaVMs = instance.sites.map { $0.quota.vms ?? .max }
    quotaVCPUSeconds = instance.sites.map { $0.quota.vcpuHours.map { $0 * 3600 } ?? .infinity }
    closes = instance.secondsUntilClosed.map { $0 ?? .infinity }
    deadline = instance.secondsUntilDeadline ?? .infinity
    budget = instance.budget ?? .infinity
    slowdownLimit = instance.slowdownLimit.map { 1 + $0 } ?? .infinity
    latency = instance.between.latency
    sameHostLatency = instance.between.sameHostLatency
    loadFactor = instance.between.bandwidth.indices.map { [sites] in
      $0 % (sites + 1) == 0 ? 0 : PlacementGeometry.overhead / instance.between.bandwidth[$0]
    }
    egressFactor = instance.between.egress.map { $0 * instance.remainingSeconds }
    compute = instance.compute
    idle = instance.idle
    waitFactor = instance.waitFactors
    vcpus = instance.vms.map(\.vcpus)
    memory = instance.vms.map(\.memoryGiB)
    present = instance.present ?? [Int](repeating: -1, count: instance.vms.count)
    price = instance.prices.map { $0 / 3600 }
    // Where a site is closed nothing can be.
    allowed = instance.allowed.indices.map { [sites, closes] in instance.allowed[$0] && closes[$0 % sites] >= 0 }
    let classes = ClassTables(instance)
    (vmClass, hostClass, hostClassCount) = (classes.vms, classes.hosts, classes.hostCount)
    (runs, hasClasses) = (classes.runs, classes.runs.contains(false))
    let moves = MoveTables(instance)
    (movable, migrationCost, downtime) = (moves.movable, moves.cost, moves.downtime)
    traffic = instance.traffic
    endpointSite = instance.endpointSites
    hasWaits = traffic.waits.contains { $0 > 0 }
    hasLoads = loadFactor.contains { $0 > 0 } && (traffic.bytesOut + traffic.bytesIn).contains { $0 > 0 }
    hasEgress = egressFactor.contains { $0 > 0 }
    hasCost = hasEgress || price.contains { $0 > 0 }
    hasSiteTimes = (closes + quotaVCPUSeconds).contains { $0 < .infinity }
    blocks = DisjointSets.merged(instance.together, count: n)
    var block = [Int](repeating: 0, count: n)
    for (index, members) in blocks.enumerated() {
      for vm in members { block[vm] = index }
    }
    self.block = block
    var apart = [Set<Int>](repeating: [], count: n)
    for set in instance.apart {
      for vm in set { apart[vm].formUnion(set) }
    }
    spreads = instance.spreads
    var spreadsOf = [[Int]](repeating: [], count: n)
    for (index, spread) in spreads.enumerated() {
      for vm in spread.vms { spreadsOf[vm].append(index) }
    }
    self.spreadsOf = spreadsOf
    hasCounts = !spreads.isEmpty || quotaVMs.contains { $0 < .max }
    self.apart = apart.enumerated().map { vm, others in others.subtracting([vm]).sorted() }
  }

  /// Whether a VM may be on a host at all: constraints, and a move that can be made. Room is another question.
  func canHold(_ vm: Int, _ host: Int) -> Bool {
    let entry = vm * sites + hostSite[host]
    return allowed[entry] && (host == present[vm] || movable[entry])
      && (!hasClasses || runs[vmClass[vm] * hostClassCount + hostClass[host]])
  }

  /// The hours' price of a run of T seconds: a service pays its horizon.
  func charged(_ seconds: Double) -> Double { isService ? remaining : seconds }
}

/// What it takes to move each VM from its host to another, by the site of that other: tables by VM and site.
private struct MoveTables {
  var movable: [Bool]
  var cost: [Double]
  var downtime: [Double]

  init(_ instance: PlacementInstance) {
    let (n, sites) = (instance.vms.count, instance.sites.count)
    movable = [Bool](repeating: true, count: n * sites)
    cost = [Double](repeating: 0, count: n * sites)
    downtime = cost
    guard let present = instance.present else { return }
    for vm in 0..<n {
      let from = instance.hostSites[present[vm]]
      for to in 0..<sites {
        let link = instance.between.index(from: from, to: to)
        guard let migration = try? Migration(of: instance.vms[vm], bandwidth: instance.between.moveBandwidth[link]) else {
          movable[vm * sites + to] = false
          continue
        }
        cost[vm * sites + to] =
          migration.bytes * instance.between.egress[link]
          + instance.price(of: vm, at: from) * migration.seconds / 3600
        downtime[vm * sites + to] = migration.downtimeSeconds
      }
    }
  }
}
