extension SearchState {
  /// Hosts for a placement over sites: VMs that are on their site stay where they are; the others go, the largest
  /// first, to the host with room that holds most of their traffic, then the one that they fill best.
  ///
  /// Where no host has room, the one with the most is overfull then, for a search to mend.
  package mutating func pack(_ sites: [Int]) {
    let order = (0..<problem.n).sorted {
      (problem.vcpus[$0], problem.memory[$0], $1) > (problem.vcpus[$1], problem.memory[$1], $0)
    }
    // Out of the way first: what leaves a site makes room there.
    var crowded: [Int] = []
    for vm in order where problem.hostSite[hostOf[vm]] != sites[vm] {
      move(vm, to: bestHost(vm, sites[vm]))
      crowded.append(vm)
    }
    for vm in crowded where isCrowded(hostOf[vm]) { move(vm, to: bestHost(vm, sites[vm])) }
  }

  private func isCrowded(_ host: Int) -> Bool {
    exceeds(hostVCPUs[host], problem.hostVCPUs[host]) || exceeds(hostMemory[host], problem.hostMemory[host])
  }

  private func bestHost(_ vm: Int, _ site: Int) -> Int {
    var (best, bestRank) = (-1, (over: Double.infinity, shared: Double.infinity, left: Double.infinity))
    for host in problem.siteHosts[site] where problem.canHold(vm, host) {
      let isHere = hostOf[vm] == host
      let vcpus = hostVCPUs[host] + (isHere ? 0 : problem.vcpus[vm])
      let memory = hostMemory[host] + (isHere ? 0 : problem.memory[vm])
      var over = max(0, vcpus - problem.hostVCPUs[host] * (1 + 1e-9)) / vcpuUnit
      over += max(0, memory - problem.hostMemory[host] * (1 + 1e-9)) / memoryUnit
      for other in problem.apart[vm] where hostOf[other] == host { over += 1 }
      let rank = (over: over, shared: -sharedWaits(vm, host), left: problem.hostVCPUs[host] - vcpus)
      if rank < bestRank { (best, bestRank) = (host, rank) }
    }
    return best < 0 ? hostOf[vm] : best
  }

  private func sharedWaits(_ vm: Int, _ host: Int) -> Double {
    guard hostCount[host] > 0 else { return 0 }
    var sum = 0.0
    for entry in problem.traffic.entries(of: vm) {
      let peer = problem.traffic.peers[entry]
      if peer < problem.n, hostOf[peer] == host { sum += problem.traffic.waits[entry] }
    }
    return sum
  }
}
