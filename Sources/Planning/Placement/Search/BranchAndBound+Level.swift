extension BranchAndBound {
  /// What is known at one depth. Each depth has its own, so that going back costs nothing and rounds nothing.
  struct Level {
    /// By VM and host: what the VM waits there for the placed VMs and the fixed endpoints, per second. In an
    /// independent application what the mean bears: both ends' waits, weighted by their κ.
    var pull: [Double]
    /// By VM and site: price of the VM's bytes to and from the placed VMs and the fixed endpoints.
    var egressTo: [Double]
    /// Bytes per second between two sites, so far.
    var crossing: [Double]
    /// By VM and host: the least that the VM adds there to the goal's measure; infinite where it can't be.
    var choices: [Double]
    /// Of the placed VMs, as `pull`.
    var waits: [Double]

    var hostVCPUs: [Double]
    var hostMemory: [Double]
    var hostCount: [Int]
    /// VMs not placed yet whose present host it is.
    var homes: [Int]
    var siteVCPUs: [Double]
    var siteMemory: [Double]
    var siteCount: [Int]
    var priceRate = 0.0
    var egress = 0.0
    var migration = 0.0
    var downtime = 0.0
    var watts = 0.0
    var moves = 0

    /// Nothing placed yet.
    init(_ problem: SearchProblem) {
      let (n, hosts, sites) = (problem.n, problem.hosts, problem.sites)
      pull = [Double](repeating: 0, count: n * hosts)
      egressTo = [Double](repeating: 0, count: n * sites)
      choices = [Double](repeating: .infinity, count: n * hosts)
      crossing = [Double](repeating: 0, count: sites * sites)
      waits = [Double](repeating: 0, count: n)
      hostVCPUs = [Double](repeating: 0, count: hosts)
      hostMemory = hostVCPUs
      hostCount = [Int](repeating: 0, count: hosts)
      homes = hostCount
      siteVCPUs = [Double](repeating: 0, count: sites)
      siteMemory = siteVCPUs
      siteCount = [Int](repeating: 0, count: sites)
      for vm in 0..<n {
        if problem.present[vm] >= 0 { homes[problem.present[vm]] += 1 }
        for entry in problem.traffic.entries(of: vm) where problem.traffic.peers[entry] >= n {
          let site = problem.endpointSite[problem.traffic.peers[entry] - n]
          let weight = problem.traffic.waits[entry] * (problem.coupled ? 1 : problem.waitFactor[vm])
          for host in 0..<hosts {
            pull[vm * hosts + host] += weight * problem.latency[problem.hostSite[host] * sites + site]
          }
          for here in 0..<sites {
            egressTo[vm * sites + here] +=
              problem.traffic.bytesOut[entry] * problem.egressFactor[here * sites + site]
              + problem.traffic.bytesIn[entry] * problem.egressFactor[site * sites + here]
          }
        }
      }
    }
  }

  /// Makes the level below `depth`: this one's, with `vm` on `host`.
  mutating func place(_ vm: Int, _ host: Int, depth: Int) {
    let problem = problem
    let (n, hosts, sites) = (problem.n, problem.hosts, problem.sites)
    let here = problem.hostSite[host]
    hostOf[vm] = host
    // Taken out and put back, so that its arrays are written in place.
    var level = spare
    swap(&level, &levels[depth + 1])
    level.copy(levels[depth])
    level.waits[vm] = level.pull[vm * hosts + host]
    for entry in problem.traffic.entries(of: vm) {
      let peer = problem.traffic.peers[entry]
      let (out, back) = (problem.traffic.bytesOut[entry], problem.traffic.bytesIn[entry])
      if peer < n, hostOf[peer] < 0 {
        let weight =
          problem.traffic.waits[entry] * (problem.coupled ? 1 : problem.waitFactor[vm] + problem.waitFactor[peer])
        for other in 0..<hosts {
          let latency =
            other == host ? problem.sameHostLatency : problem.latency[here * sites + problem.hostSite[other]]
          level.pull[peer * hosts + other] += weight * latency
        }
        for there in 0..<sites {
          level.egressTo[peer * sites + there] +=
            out * problem.egressFactor[here * sites + there] + back * problem.egressFactor[there * sites + here]
        }
        continue
      }
      let there = peer < n ? problem.hostSite[hostOf[peer]] : problem.endpointSite[peer - n]
      if peer < n, problem.coupled {
        level.waits[peer] +=
          problem.traffic.waits[entry]
          * (hostOf[peer] == host ? problem.sameHostLatency : problem.latency[here * sites + there])
      }
      if here != there {
        level.crossing[here * sites + there] += out
        level.crossing[there * sites + here] += back
      }
    }
    level.take(vm, host, problem)
    swap(&level, &levels[depth + 1])
  }
}

extension BranchAndBound.Level {
  /// Takes over all figures of another level but `choices`, into this one's own storage.
  fileprivate mutating func copy(_ other: Self) {
    for index in pull.indices { pull[index] = other.pull[index] }
    for index in egressTo.indices { egressTo[index] = other.egressTo[index] }
    for index in crossing.indices { crossing[index] = other.crossing[index] }
    for index in waits.indices { waits[index] = other.waits[index] }
    for host in hostCount.indices {
      hostVCPUs[host] = other.hostVCPUs[host]
      hostMemory[host] = other.hostMemory[host]
      hostCount[host] = other.hostCount[host]
      homes[host] = other.homes[host]
    }
    for site in siteCount.indices {
      siteVCPUs[site] = other.siteVCPUs[site]
      siteMemory[site] = other.siteMemory[site]
      siteCount[site] = other.siteCount[site]
    }
    (priceRate, egress, migration) = (other.priceRate, other.egress, other.migration)
    (downtime, watts, moves) = (other.downtime, other.watts, other.moves)
  }

  /// Room, prices and moves of one more VM.
  fileprivate mutating func take(_ vm: Int, _ host: Int, _ problem: SearchProblem) {
    let site = problem.hostSite[host]
    let entry = vm * problem.sites + site
    if hostCount[host] == 0 { watts += problem.watts[host] }
    hostCount[host] += 1
    hostVCPUs[host] += problem.vcpus[vm]
    hostMemory[host] += problem.memory[vm]
    siteCount[site] += 1
    siteVCPUs[site] += problem.vcpus[vm]
    siteMemory[site] += problem.memory[vm]
    priceRate += problem.price[entry]
    egress += egressTo[entry]
    guard problem.present[vm] >= 0 else { return }
    homes[problem.present[vm]] -= 1
    if problem.present[vm] != host {
      moves += 1
      migration += problem.migrationCost[entry]
      downtime += problem.downtime[entry]
    }
  }
}
