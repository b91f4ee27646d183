/// What two VMs' traffic costs at least, wherever they are: per entry of the traffic, to VMs only (0 for fixed
/// endpoints).
package struct PairFloors: Sendable {
  /// Least latency between the two, seconds.
  let latency: [Double]
  /// Least price of their bytes, both directions, over the run.
  let egress: [Double]

  package init(_ problem: SearchProblem) {
    let traffic = problem.traffic
    var latency = [Double](repeating: 0, count: traffic.peers.count)
    var egress = latency
    for vm in 0..<problem.n {
      for entry in traffic.entries(of: vm) where traffic.peers[entry] < problem.n {
        let peer = traffic.peers[entry]
        let floor = Self.floor(problem, vm, peer, traffic.bytesOut[entry], traffic.bytesIn[entry])
        (latency[entry], egress[entry]) = (floor.latency, floor.egress)
      }
    }
    (self.latency, self.egress) = (latency, egress)
  }

  private static func floor(
    _ problem: SearchProblem, _ first: Int, _ second: Int, _ bytesOut: Double, _ bytesIn: Double
  ) -> (latency: Double, egress: Double) {
    let sites = problem.sites
    var latency = Double.infinity
    var egress = Double.infinity
    let bothFit = (problem.vcpus[first] + problem.vcpus[second], problem.memory[first] + problem.memory[second])
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
        let share =
          !isApart
          && hosts.contains {
            !exceeds(bothFit.0, problem.hostVCPUs[$0]) && !exceeds(bothFit.1, problem.hostMemory[$0])
          }
        if share { latency = min(latency, problem.sameHostLatency) }
        if hosts.count > 1 { latency = min(latency, problem.latency[from * sites + to]) }
        if share || hosts.count > 1 { egress = 0 }
      }
    }
    return latency < .infinity ? (latency, egress) : (0, 0)
  }
}
