/// What two VMs' traffic costs at least, wherever they are: per entry of the traffic, to VMs only (0 for fixed
/// endpoints).
package struct PairFloors: Sendable {
  /// Least latency between the two, seconds.
  let latency: [Double]
  /// Least price of their bytes, both directions, over the run.
  let egress: [Double]

  package init(_ problem: SearchProblem) {
    let traffic = problem.traffic
    let sites = SiteFloors(problem)
    var latency = [Double](repeating: 0, count: traffic.peers.count)
    var egress = latency
    for vm in 0..<problem.n {
      for entry in traffic.entries(of: vm) where traffic.peers[entry] < problem.n {
        let peer = traffic.peers[entry]
        let floor =
          sites.anywhere(problem, vm, peer)
          ?? Self.floor(problem, sites, vm, peer, traffic.bytesOut[entry], traffic.bytesIn[entry])
        (latency[entry], egress[entry]) = (floor.latency, floor.egress)
      }
    }
    (self.latency, self.egress) = (latency, egress)
  }

  private static func floor(
    _ problem: SearchProblem, _ floors: SiteFloors, _ first: Int, _ second: Int, _ bytesOut: Double, _ bytesIn: Double
  ) -> (latency: Double, egress: Double) {
    let sites = problem.sites
    var latency = Double.infinity
    var egress = Double.infinity
    let isApart = problem.apart[first].contains(second)
    let isTogether = problem.block[first] == problem.block[second]
    for from in 0..<sites where problem.allowed[first * sites + from] && !problem.siteHosts[from].isEmpty {
      for to in 0..<sites where problem.allowed[second * sites + to] && !problem.siteHosts[to].isEmpty {
        if from != to {
          if isTogether { continue }
          latency = min(latency, problem.latency[from * sites + to])
          egress = min(
            egress,
            bytesOut * problem.egressFactor[from * sites + to] + bytesIn * problem.egressFactor[to * sites + from])
          continue
        }
        let hosts = problem.siteHosts[from]
        let share = !isApart && floors.rooms[from].hold(problem, first, second)
        if share { latency = min(latency, problem.sameHostLatency) }
        if hosts.count > 1 { latency = min(latency, problem.latency[from * sites + to]) }
        if share || hosts.count > 1 { egress = 0 }
      }
    }
    return latency < .infinity ? (latency, egress) : (0, 0)
  }
}

/// What is the same for all pairs of VMs that constraints allow everywhere.
private struct SiteFloors {
  /// Of each site, and of all.
  let rooms: [LargestRooms]
  private let allRooms: LargestRooms
  private let isAllowedAnywhere: [Bool]
  /// Least between two hosts: of one site (infinite where no site has two), of any two sites.
  private let within: Double
  private let between: Double

  init(_ problem: SearchProblem) {
    let sites = (0..<problem.sites).filter { !problem.siteHosts[$0].isEmpty }
    rooms = problem.siteHosts.map { LargestRooms(problem, $0) }
    allRooms = LargestRooms(problem, 0..<problem.hosts)
    isAllowedAnywhere = (0..<problem.n).map { vm in
      sites.allSatisfy { problem.allowed[vm * problem.sites + $0] }
    }
    within = sites.filter { problem.siteHosts[$0].count > 1 }.map { problem.latency[$0 * problem.sites + $0] }.min()
      ?? .infinity
    between = sites.flatMap { from in
      sites.filter { $0 != from }.map { problem.latency[from * problem.sites + $0] }
    }.min() ?? .infinity
  }

  /// Of two VMs that may be anywhere, on one site; nil for others.
  func anywhere(_ problem: SearchProblem, _ first: Int, _ second: Int) -> (latency: Double, egress: Double)? {
    guard isAllowedAnywhere[first], isAllowedAnywhere[second] else { return nil }
    let share = allRooms.hold(problem, first, second) && !problem.apart[first].contains(second)
    guard share || within < .infinity else { return nil }
    let isTogether = problem.block[first] == problem.block[second]
    return (min(share ? problem.sameHostLatency : .infinity, within, isTogether ? .infinity : between), 0)
  }
}

/// The hosts than which no other has more of both.
private struct LargestRooms {
  private var rooms: [(vcpus: Double, memory: Double)] = []

  init(_ problem: SearchProblem, _ hosts: Range<Int>) {
    let all = hosts.map { (vcpus: problem.hostVCPUs[$0], memory: problem.hostMemory[$0]) }
    for room in all.sorted(by: { ($0.vcpus, $0.memory) > ($1.vcpus, $1.memory) })
    where room.memory > rooms.last?.memory ?? -1 {
      rooms.append(room)
    }
  }

  /// Whether one has room for both VMs.
  func hold(_ problem: SearchProblem, _ first: Int, _ second: Int) -> Bool {
    let (vcpus, memory) = (problem.vcpus[first] + problem.vcpus[second], problem.memory[first] + problem.memory[second])
    return rooms.contains { !exceeds(vcpus, $0.vcpus) && !exceeds(memory, $0.memory) }
  }
}
