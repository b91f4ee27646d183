/// A placement whose figures are kept up to date move by move: a move costs time in proportion to the VM's peers, not
/// to the application.
///
/// Any placement is taken, feasible or not; what it breaks is counted, and weighed so that a search can price it.
/// Going back is a move like any other; the sums' rounding is wiped away by `refresh()`.
package struct SearchState {
  let problem: SearchProblem
  package private(set) var hostOf: [Int]

  // Time.
  /// wait_i, seconds per second.
  var waits: [Double]
  /// σ_i less the link's part.
  var own: [Double]
  /// Sum of `own`.
  var ownSum = 0.0
  /// Whether the smooth sums are kept.
  var isSmooth = false
  /// Sum of (`own` / `smoothScale`) to the power of 2^`smoothPower`.
  var smoothSum = 0.0
  var smoothPower = 4
  var smoothScale = 1.0
  /// How much of the link's load the norm bears: mean of κ, by the slopes of the norm.
  var linkFactor = 1.0
  /// Bytes per second from site to site.
  var crossing: [Double]
  /// Largest load, and the index of its pair of sites; −1 where it has to be looked for. Of an independent application
  /// unused.
  var link = 0.0
  var busiest = -1
  /// Of an independent application, by VM: how many peers it sends bytes to, by their site, then from how many it gets
  /// any, by theirs.
  var reach: [Int32] = []
  /// By site: its links to each other site, then from each, by falling load; `other` is an index into a VM's `reach`.
  var sortedLinks: [(other: Int, load: Double)]
  /// Σ κ_i·link_i of an independent application; nil where it has to be worked out.
  var linkTotal: Double?
  /// Of a coupled application: `own` by its largest.
  var slowest: LargestSum

  // Sums of cost, moves, power.
  var priceRate = 0.0
  var egress = 0.0
  var migration = 0.0
  var downtime = 0.0
  var moves = 0
  var watts = 0.0
  /// Σ of watts · √(share of the host in use): falls as hosts come closer to being empty.
  var smoothWatts = 0.0

  // Room.
  var hostVCPUs: [Double]
  var hostMemory: [Double]
  var hostCount: [Int]
  var siteVCPUs: [Double]
  var siteMemory: [Double]
  var siteCount: [Int]
  /// VMs by block and site, of blocks of several.
  var blockSites: [Int]
  /// VMs by spread and site.
  var spreadSites: [Int]

  /// How many limits of rooms and relations are broken, and by how much in all, about one unit per VM too many.
  package var broken = 0
  var excess = 0.0
  let vcpuUnit: Double
  let memoryUnit: Double

  package init(_ problem: SearchProblem, _ placement: [Int]) {
    self.problem = problem
    hostOf = placement
    waits = [Double](repeating: 0, count: problem.n)
    own = waits
    slowest = LargestSum(factors: problem.coupled ? problem.waitFactor : [])
    crossing = [Double](repeating: 0, count: problem.sites * problem.sites)
    sortedLinks = (0..<problem.sites * 2 * problem.sites).map { ($0 % (2 * problem.sites), 0) }
    hostVCPUs = [Double](repeating: 0, count: problem.hosts)
    hostMemory = hostVCPUs
    hostCount = [Int](repeating: 0, count: problem.hosts)
    siteVCPUs = [Double](repeating: 0, count: problem.sites)
    siteMemory = siteVCPUs
    siteCount = [Int](repeating: 0, count: problem.sites)
    blockSites = [Int](repeating: 0, count: problem.blocks.count * problem.sites)
    spreadSites = [Int](repeating: 0, count: problem.spreads.count * problem.sites)
    vcpuUnit = max(problem.vcpus.reduce(0, +) / Double(problem.n), 1e-9)
    memoryUnit = max(problem.memory.reduce(0, +) / Double(problem.n), 1e-9)
    refresh()
  }

  /// Takes over another placement.
  mutating func reset(to placement: [Int]) {
    hostOf = placement
    refresh()
  }

  /// Works everything out anew from the placement.
  mutating func refresh() {
    let placement = hostOf
    for site in crossing.indices { crossing[site] = 0 }
    for host in 0..<problem.hosts { (hostVCPUs[host], hostMemory[host], hostCount[host]) = (0, 0, 0) }
    for site in 0..<problem.sites { (siteVCPUs[site], siteMemory[site], siteCount[site]) = (0, 0, 0) }
    for entry in blockSites.indices { blockSites[entry] = 0 }
    for entry in spreadSites.indices { spreadSites[entry] = 0 }
    (priceRate, egress, migration, downtime, moves) = (0, 0, 0, 0, 0)
    (watts, smoothWatts) = (0, 0)
    (broken, excess) = (0, 0)
    for vm in 0..<problem.n { hostOf[vm] = -1 }
    for vm in 0..<problem.n {
      takeRoom(vm, placement[vm])
      hostOf[vm] = placement[vm]
    }
    for vm in 0..<problem.n { waits[vm] = meet(vm) }
    refreshSlowdowns()
    refreshReach()
    busiest = -1
    refreshLink()
  }

  /// Sums over the traffic of one VM: its wait; its bytes into `crossing` and `egress`, each pair at its lower end.
  private mutating func meet(_ vm: Int) -> Double {
    let here = problem.hostSite[hostOf[vm]]
    var wait = 0.0
    for entry in problem.traffic.entries(of: vm) {
      let peer = problem.traffic.peers[entry]
      let there = site(of: peer)
      wait += problem.traffic.waits[entry] * latency(hostOf[vm], here, peer, there)
      guard here != there, peer > vm else { continue }
      let (out, back) = (here * problem.sites + there, there * problem.sites + here)
      crossing[out] += problem.traffic.bytesOut[entry]
      crossing[back] += problem.traffic.bytesIn[entry]
      egress +=
        problem.traffic.bytesOut[entry] * problem.egressFactor[out]
        + problem.traffic.bytesIn[entry] * problem.egressFactor[back]
    }
    return wait
  }

  func site(of peer: Int) -> Int {
    peer < problem.n ? problem.hostSite[hostOf[peer]] : problem.endpointSite[peer - problem.n]
  }

  /// ℓ from a host to where a peer is.
  func latency(_ host: Int, _ here: Int, _ peer: Int, _ there: Int) -> Double {
    peer < problem.n && hostOf[peer] == host ? problem.sameHostLatency : problem.latency[here * problem.sites + there]
  }

  /// Moves a VM; any host will do.
  package mutating func move(_ vm: Int, to host: Int) {
    let from = hostOf[vm]
    if from == host { return }
    leaveRoom(vm, from)
    takeRoom(vm, host)
    meetAnew(vm, from, host)
    hostOf[vm] = host
  }
}
