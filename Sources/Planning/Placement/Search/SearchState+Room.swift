extension SearchState {
  /// One VM more on a host: room, prices, moves and relations.
  mutating func takeRoom(_ vm: Int, _ host: Int) { change(vm, host, 1) }

  /// One VM less.
  mutating func leaveRoom(_ vm: Int, _ host: Int) { change(vm, host, -1) }

  private mutating func change(_ vm: Int, _ host: Int, _ step: Int) {
    let site = problem.hostSite[host]
    let entry = vm * problem.sites + site
    let sign = Double(step)
    let (vcpus, memory) = (sign * problem.vcpus[vm], sign * problem.memory[vm])
    if isSmooth { smoothWatts -= smoothWatts(of: host) }
    fill(&hostVCPUs[host], vcpus, problem.hostVCPUs[host], vcpuUnit, &broken, &excess)
    fill(&hostMemory[host], memory, problem.hostMemory[host], memoryUnit, &broken, &excess)
    fill(&siteVCPUs[site], vcpus, problem.quotaVCPUs[site], vcpuUnit, &broken, &excess)
    fill(&siteMemory[site], memory, problem.quotaMemory[site], memoryUnit, &broken, &excess)
    if hostCount[host] == (step > 0 ? 0 : 1) { watts += sign * problem.watts[host] }
    hostCount[host] += step
    if isSmooth { smoothWatts += smoothWatts(of: host) }
    if problem.hasCounts { count(vm, site, step) }
    siteCount[site] += step
    priceRate += sign * problem.price[entry]
    if problem.present[vm] >= 0, problem.present[vm] != host {
      moves += step
      migration += sign * problem.migrationCost[entry]
      downtime += sign * problem.downtime[entry]
    }
    if !problem.canHold(vm, host) { count(step) }
    for other in problem.apart[vm] where hostOf[other] == host { count(step) }
    let block = problem.block[vm]
    if problem.blocks[block].count > 1 { spread(block * problem.sites + site, step, block) }
  }

  private func smoothWatts(of host: Int) -> Double {
    guard hostCount[host] > 0, problem.hostVCPUs[host] > 0 else { return 0 }
    return problem.watts[host] * max(0, hostVCPUs[host] / problem.hostVCPUs[host]).squareRoot()
  }

  /// One VM more or less at a site, of all and of those of which only so many may share one; `siteCount` is as before.
  private mutating func count(_ vm: Int, _ site: Int, _ step: Int) {
    let there = siteCount[site]
    if (step > 0 ? there : there - 1) >= problem.quotaVMs[site] { count(step) }
    for spread in problem.spreadsOf[vm] {
      let entry = spread * problem.sites + site
      if (step > 0 ? spreadSites[entry] : spreadSites[entry] - 1) >= problem.spreads[spread].most { count(step) }
      spreadSites[entry] += step
    }
  }

  private mutating func count(_ step: Int) {
    broken += step
    excess += Double(step)
  }

  /// A block is on one site, or breaks one limit per further site.
  private mutating func spread(_ entry: Int, _ step: Int, _ block: Int) {
    let before = blockSites[entry]
    blockSites[entry] += step
    guard before == 0 || blockSites[entry] == 0 else { return }
    let others = (0..<problem.sites).contains { site in
      block * problem.sites + site != entry && blockSites[block * problem.sites + site] > 0
    }
    if others { count(step) }
  }
}

/// Changes what is used of something, and what is broken by it.
private func fill(
  _ used: inout Double, _ amount: Double, _ limit: Double, _ unit: Double, _ broken: inout Int, _ excess: inout Double
) {
  if exceeds(used, limit) {
    broken -= 1
    excess -= (used - limit) / unit
  }
  used += amount
  if exceeds(used, limit) {
    broken += 1
    excess += (used - limit) / unit
  }
}
