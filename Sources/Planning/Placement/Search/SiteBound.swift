package import Model

/// A lower bound over all placements by what each VM costs at its cheapest sites and by the room that sites have: the
/// assignment over sites, relaxed by a price on the vCPUs and the memory of each (Held, Wolfe and Crowder, "Validation
/// of Subgradient Optimization", Mathematical Programming 6, 1974). Whatever the prices, it is a bound.
///
/// Takes time in proportion to VMs by sites; hosts count by the kinds of them alone.
package struct SiteBound {
  private let problem: SearchProblem
  private let floors: PairFloors
  /// By VM and site: σ_i at least; infinite where the VM can't be.
  private let slowdowns: [Double]

  package init(_ problem: SearchProblem, _ floors: PairFloors) {
    self.problem = problem
    self.floors = floors
    slowdowns = Self.slowdowns(problem, floors)
  }

  /// Of what the objective compares first; infinite where a VM fits nowhere, or all have no room together.
  package func value(of objective: Objective) -> Double {
    let measure = Goal.measures(of: objective)[0]
    let room = SiteRoom(problem)
    guard room.holds(problem) else { return .infinity }
    let (n, sites) = (problem.n, problem.sites)
    var slowdown = 0.0
    for vm in 0..<n {
      let least = (0..<sites).reduce(Double.infinity) { min($0, slowdowns[vm * sites + $1]) }
      if least == .infinity { return .infinity }
      slowdown = problem.coupled ? max(slowdown, least) : slowdown + least / Double(n)
    }
    if measure == .watts { return watts }
    let charged = problem.charged(problem.remaining * slowdown)
    var constant = measure == .seconds && problem.coupled ? problem.remaining * slowdown : 0
    var units = RelaxedAssignment(problem, room)
    for vm in 0..<n {
      if measure == .cost, problem.hasEgress { constant += openEgress(vm) }
      for site in 0..<sites {
        units.add(vm, site, cost(vm, site, measure, charged: charged))
      }
    }
    return constant + units.bound()
  }

  /// What a VM adds at a site, at least.
  private func cost(_ vm: Int, _ site: Int, _ measure: Goal.Measure, charged: Double) -> Double {
    let entry = vm * problem.sites + site
    let slowdown = slowdowns[entry]
    guard slowdown < .infinity else { return .infinity }
    let isElsewhere = problem.present[vm] >= 0 && problem.hostSite[problem.present[vm]] != site
    if measure == .seconds {
      return (problem.coupled ? 0 : slowdown * problem.remaining / Double(problem.n))
        + (isElsewhere ? problem.downtime[entry] : 0)
    }
    var cost = problem.price[entry] * charged + (isElsewhere ? problem.migrationCost[entry] : 0)
    guard problem.hasEgress else { return cost }
    for traffic in problem.traffic.entries(of: vm) where problem.traffic.peers[traffic] >= problem.n {
      let there = problem.endpointSite[problem.traffic.peers[traffic] - problem.n]
      cost +=
        problem.traffic.bytesOut[traffic] * problem.egressFactor[site * problem.sites + there]
        + problem.traffic.bytesIn[traffic] * problem.egressFactor[there * problem.sites + site]
    }
    return cost
  }

  /// Price at least of the bytes between a VM and others, each pair at one end.
  private func openEgress(_ vm: Int) -> Double {
    problem.traffic.entries(of: vm).reduce(0) {
      let peer = problem.traffic.peers[$1]
      return peer < problem.n && peer > vm ? $0 + floors.egress[$1] : $0
    }
  }

  /// Of hosts for all vCPUs, those first that have the most of them for their watts; the last in part.
  private var watts: Double {
    var needed = problem.vcpus.reduce(0, +)
    var sum = 0.0
    let hosts = (0..<problem.hosts).filter { problem.hostVCPUs[$0] > 0 }
      .map { (rate: problem.watts[$0] / problem.hostVCPUs[$0], host: $0) }
    for (_, host) in hosts.sorted(by: <) where needed > 1e-9 * problem.hostVCPUs[host] {
      sum += min(1, needed / problem.hostVCPUs[host]) * problem.watts[host]
      needed -= problem.hostVCPUs[host]
    }
    return sum * (1 - 1e-9)
  }

  private static func slowdowns(_ problem: SearchProblem, _ floors: PairFloors) -> [Double] {
    let kinds = (0..<problem.sites).map { HostKind.all(problem, $0) }
    let sites = problem.sites
    var slowdowns = [Double](repeating: .infinity, count: problem.n * sites)
    for vm in 0..<problem.n {
      var open = 0.0
      for entry in problem.traffic.entries(of: vm) where problem.traffic.peers[entry] < problem.n {
        open += problem.traffic.waits[entry] * floors.latency[entry]
      }
      for site in 0..<sites {
        var slowness = Double.infinity
        for kind in kinds[site] where kind.slowness < slowness && kind.mayHold(vm, problem) {
          slowness = kind.slowness
        }
        // Where a VM is it can stay, even if it can't be moved.
        if problem.present[vm] >= 0, problem.hostSite[problem.present[vm]] == site,
          problem.canHold(vm, problem.present[vm])
        {
          slowness = min(slowness, problem.slowness[problem.present[vm]])
        }
        guard slowness < .infinity else { continue }
        var wait = open
        for entry in problem.traffic.entries(of: vm) where problem.traffic.peers[entry] >= problem.n {
          let there = problem.endpointSite[problem.traffic.peers[entry] - problem.n]
          wait += problem.traffic.waits[entry] * problem.latency[site * sites + there]
        }
        slowdowns[vm * sites + site] =
          problem.compute[vm] * slowness + problem.idle[vm] + problem.waitFactor[vm] * wait
      }
    }
    return slowdowns
  }
}

/// Hosts of one site that are of one class and speed, with the largest room of any of them.
private struct HostKind {
  let first: Int
  let slowness: Double
  var vcpus: Double
  var memory: Double

  static func all(_ problem: SearchProblem, _ site: Int) -> [HostKind] {
    struct Features: Hashable {
      let kind: Int
      let slowness: Double
    }
    var kinds: [HostKind] = []
    var numbers: [Features: Int] = [:]
    for host in problem.siteHosts[site] {
      let features = Features(kind: problem.hostClass[host], slowness: problem.slowness[host])
      let (vcpus, memory) = (problem.hostVCPUs[host], problem.hostMemory[host])
      if let number = numbers[features] {
        kinds[number].vcpus = max(kinds[number].vcpus, vcpus)
        kinds[number].memory = max(kinds[number].memory, memory)
      } else {
        numbers[features] = kinds.count
        kinds.append(HostKind(first: host, slowness: features.slowness, vcpus: vcpus, memory: memory))
      }
    }
    return kinds
  }

  /// Whether a VM that isn't on any of them may come.
  func mayHold(_ vm: Int, _ problem: SearchProblem) -> Bool {
    let entry = vm * problem.sites + problem.hostSite[first]
    return problem.allowed[entry] && problem.movable[entry]
      && (!problem.hasClasses || problem.runs[problem.vmClass[vm] * problem.hostClassCount + problem.hostClass[first]])
      && !exceeds(problem.vcpus[vm], vcpus) && !exceeds(problem.memory[vm], memory)
  }
}
