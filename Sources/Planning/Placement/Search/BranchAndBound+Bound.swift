extension BranchAndBound {
  /// A lower bound of the goal's measure over all placements below the node at `depth`, and in its level's `choices`
  /// the least that each VM not placed yet adds at each host. With all placed it is the measure itself. Nil: none of
  /// them can be feasible or wanted.
  mutating func bound(depth: Int) -> Double? {
    var level = spare
    swap(&level, &levels[depth])
    defer { swap(&level, &levels[depth]) }
    guard hasRoom(level, depth) else { return nil }
    var node = Node(placed: level, problem)
    guard boundSlowdown(&level, &node, depth) else { return nil }
    guard !breaksLimits(level, node) else { return nil }
    guard boundSums(&level, &node, depth) else { return nil }
    let figures = node.figures
    guard goal.keeps(figures), !exceeds(figures.cost, problem.budget) else { return nil }
    guard !exceeds(figures.totalSeconds, problem.deadline), node.moves <= mostMoves else { return nil }
    return figures.value(goal.measure)
  }

  /// Lower bounds at a node.
  struct Node {
    var figures = Figures()
    var link = 0.0
    var moves: Int

    init(placed level: Level, _ problem: SearchProblem) {
      moves = level.moves
      for index in level.crossing.indices { link = max(link, level.crossing[index] * problem.loadFactor[index]) }
    }
  }

  /// Whether all hosts together have the vCPUs and the memory for what isn't placed.
  private func hasRoom(_ level: Level, _ depth: Int) -> Bool {
    var (vcpus, memory) = (0.0, 0.0)
    for index in depth..<problem.n {
      vcpus += problem.vcpus[order[index]]
      memory += problem.memory[order[index]]
    }
    var (freeVCPUs, freeMemory) = (0.0, 0.0)
    for site in 0..<problem.sites {
      var (siteVCPUs, siteMemory) = (0.0, 0.0)
      for host in problem.siteHosts[site] {
        siteVCPUs += max(0, problem.hostVCPUs[host] * (1 + 1e-9) - level.hostVCPUs[host])
        siteMemory += max(0, problem.hostMemory[host] * (1 + 1e-9) - level.hostMemory[host])
      }
      freeVCPUs += min(siteVCPUs, max(0, problem.quotaVCPUs[site] * (1 + 1e-9) - level.siteVCPUs[site]))
      freeMemory += min(siteMemory, max(0, problem.quotaMemory[site] * (1 + 1e-9) - level.siteMemory[site]))
    }
    return !exceeds(vcpus, freeVCPUs) && !exceeds(memory, freeMemory)
  }

  /// Whether a VM that isn't placed still fits on a host, by all that doesn't depend on the run time.
  private func fits(_ vm: Int, _ host: Int, _ level: Level) -> Bool {
    let problem = problem
    let site = problem.hostSite[host]
    guard problem.canHold(vm, host), !exceeds(level.hostVCPUs[host] + problem.vcpus[vm], problem.hostVCPUs[host]),
      !exceeds(level.hostMemory[host] + problem.memory[vm], problem.hostMemory[host]),
      !exceeds(level.siteVCPUs[site] + problem.vcpus[vm], problem.quotaVCPUs[site]),
      !exceeds(level.siteMemory[site] + problem.memory[vm], problem.quotaMemory[site])
    else { return false }
    if problem.hasCounts, !hasPlace(vm, site, level) { return false }
    for other in problem.apart[vm] where hostOf[other] == host { return false }
    for other in problem.blocks[problem.block[vm]] where hostOf[other] >= 0 {
      if problem.hostSite[hostOf[other]] != site { return false }
    }
    return true
  }

  /// Whether a site may have one VM more, and this one beside those from which it is to be spread.
  private func hasPlace(_ vm: Int, _ site: Int, _ level: Level) -> Bool {
    guard level.siteCount[site] < problem.quotaVMs[site] else { return false }
    return problem.spreadsOf[vm].allSatisfy { index in
      let spread = problem.spreads[index]
      return spread.vms.count { hostOf[$0] >= 0 && problem.hostSite[hostOf[$0]] == site } < spread.most
    }
  }

  /// What a VM waits for peers that aren't placed, at least.
  private func openWait(_ vm: Int) -> Double {
    var sum = 0.0
    for entry in problem.traffic.entries(of: vm) {
      let peer = problem.traffic.peers[entry]
      guard peer < problem.n, hostOf[peer] < 0 else { continue }
      sum += problem.traffic.waits[entry] * floors.latency[entry]
    }
    return sum
  }

  /// σ and T at least, with σ_i of each VM and host in `choices`. False where a VM fits nowhere.
  private func boundSlowdown(_ level: inout Level, _ node: inout Node, _ depth: Int) -> Bool {
    let problem = problem
    let hosts = problem.hosts
    var (largest, sum) = (0.0, 0.0)
    for index in 0..<problem.n {
      let vm = order[index]
      let factor = problem.waitFactor[vm]
      if index < depth {
        let computing = problem.compute[vm] * problem.slowness[hostOf[vm]] + problem.idle[vm]
        if problem.coupled {
          largest = max(largest, computing + factor * (level.waits[vm] + openWait(vm) + node.link))
        } else {
          sum += computing + level.waits[vm] + factor * ownLink(vm, level)
        }
        continue
      }
      // An independent pair's floor, both ends, is counted where its first end comes in the order.
      let open = problem.coupled ? factor * openWait(vm) : laterWait(vm, index)
      let link = problem.coupled ? factor * node.link : 0
      var least = Double.infinity
      for host in 0..<hosts {
        guard fits(vm, host, level) else {
          level.choices[vm * hosts + host] = .infinity
          continue
        }
        let pull = level.pull[vm * hosts + host] * (problem.coupled ? factor : 1)
        let value = problem.compute[vm] * problem.slowness[host] + problem.idle[vm] + pull + open + link
        level.choices[vm * hosts + host] = value
        least = min(least, value)
      }
      if least == .infinity { return false }
      largest = max(largest, least)
      sum += least
    }
    node.figures.slowdown = problem.coupled ? largest : sum / Double(problem.n)
    node.figures.seconds = problem.remaining * node.figures.slowdown
    return true
  }

  private func laterWait(_ vm: Int, _ index: Int) -> Double {
    var sum = 0.0
    for entry in problem.traffic.entries(of: vm) {
      let peer = problem.traffic.peers[entry]
      guard peer < problem.n, hostOf[peer] < 0, peer > vm else { continue }
      sum +=
        (problem.waitFactor[vm] + problem.waitFactor[peer]) * problem.traffic.waits[entry] * floors.latency[entry]
    }
    return sum
  }

  /// link of a placed VM of an independent application, as far as the placed VMs and endpoints load the links it uses.
  private func ownLink(_ vm: Int, _ level: Level) -> Double {
    guard problem.hasLoads else { return 0 }
    let here = problem.hostSite[hostOf[vm]]
    var largest = 0.0
    for entry in problem.traffic.entries(of: vm) {
      let peer = problem.traffic.peers[entry]
      if peer < problem.n, hostOf[peer] < 0 { continue }
      let there = peer < problem.n ? problem.hostSite[hostOf[peer]] : problem.endpointSite[peer - problem.n]
      let (out, back) = (here * problem.sites + there, there * problem.sites + here)
      if problem.traffic.bytesOut[entry] > 0 { largest = max(largest, level.crossing[out] * problem.loadFactor[out]) }
      if problem.traffic.bytesIn[entry] > 0 { largest = max(largest, level.crossing[back] * problem.loadFactor[back]) }
    }
    return largest
  }

  /// Whether what is placed breaks a limit that depends on the run time.
  private func breaksLimits(_ level: Level, _ node: Node) -> Bool {
    let charged = problem.charged(node.figures.seconds)
    if exceeds(node.figures.slowdown, problem.slowdownLimit) { return true }
    for site in 0..<problem.sites where level.siteCount[site] > 0 {
      if exceeds(charged + level.downtime, problem.closes[site]) { return true }
      if exceeds(level.siteVCPUs[site] * charged, problem.quotaVCPUSeconds[site]) { return true }
    }
    return false
  }

  /// Downtime, cost, watts and moves at least; `choices` then has what each VM adds to the goal's measure at each host.
  private func boundSums(_ level: inout Level, _ node: inout Node, _ depth: Int) -> Bool {
    let problem = problem
    let (hosts, sites) = (problem.hosts, problem.sites)
    let charged = problem.charged(node.figures.seconds)
    var (cost, downtime) = (level.priceRate * charged + level.egress + level.migration, level.downtime)
    // Of an independent application time and downtime of one VM at one host are bounded together.
    var (joint, apart) = (0.0, 0.0)
    let perVM = problem.remaining / Double(problem.n)
    for index in depth..<problem.n {
      let vm = order[index]
      let floor = openEgress(vm)
      var (leastCost, leastDowntime, leastJoint, leastSlowdown) = (
        Double.infinity, Double.infinity, Double.infinity, Double.infinity
      )
      var staysPossible = false
      for host in 0..<hosts {
        let slowdown = level.choices[vm * hosts + host]
        guard slowdown < .infinity else { continue }
        let site = problem.hostSite[host]
        let moved = problem.present[vm] >= 0 && problem.present[vm] != host
        let added = moved ? problem.downtime[vm * sites + site] : 0
        guard isWorthwhile(slowdown, added, vm, site, level, node) else {
          level.choices[vm * hosts + host] = .infinity
          continue
        }
        let price =
          problem.price[vm * sites + site] * charged + level.egressTo[vm * sites + site]
          + (moved ? problem.migrationCost[vm * sites + site] : 0)
        leastCost = min(leastCost, price)
        leastDowntime = min(leastDowntime, added)
        leastSlowdown = min(leastSlowdown, slowdown)
        leastJoint = min(leastJoint, slowdown * perVM + added)
        if !moved { staysPossible = true }
        switch goal.measure {
        case .cost: level.choices[vm * hosts + host] = price
        case .seconds: level.choices[vm * hosts + host] = slowdown * perVM + added
        case .watts: level.choices[vm * hosts + host] = level.hostCount[host] > 0 ? 0 : problem.watts[host]
        }
      }
      if leastCost == .infinity { return false }
      cost += leastCost + floor
      downtime += leastDowntime
      joint += leastJoint
      apart += leastSlowdown * perVM + leastDowntime
      if !staysPossible { node.moves += 1 }
    }
    node.figures.downtime = downtime
    if !problem.coupled { node.figures.downtime += max(0, joint - apart) }
    node.figures.cost = cost
    node.figures.watts = level.watts + (goal.needsWatts ? wattsToCome(level, depth) : 0)
    return true
  }

  /// Whether a host is still open to a VM, given what σ_i and the downtime there would do to the run time.
  private func isWorthwhile(
    _ slowdown: Double, _ added: Double, _ vm: Int, _ site: Int, _ level: Level, _ node: Node
  ) -> Bool {
    let seconds = problem.coupled ? max(node.figures.seconds, problem.remaining * slowdown) : node.figures.seconds
    let charged = problem.charged(seconds)
    let total = seconds + level.downtime + added
    if exceeds(total, problem.deadline) || total > goal.seconds { return false }
    if problem.coupled, exceeds(slowdown, problem.slowdownLimit) { return false }
    if exceeds(charged + level.downtime + added, problem.closes[site]) { return false }
    if exceeds((level.siteVCPUs[site] + problem.vcpus[vm]) * charged, problem.quotaVCPUSeconds[site]) { return false }
    return goal.measure != .seconds || isWanted(total)
  }

  /// Price at least of the bytes between a VM and others not placed either, each pair at one end.
  private func openEgress(_ vm: Int) -> Double {
    guard problem.hasEgress else { return 0 }
    var sum = 0.0
    for entry in problem.traffic.entries(of: vm) {
      let peer = problem.traffic.peers[entry]
      if peer < problem.n, hostOf[peer] < 0, peer > vm { sum += floors.egress[entry] }
    }
    return sum
  }

  /// Watts at least of hosts that must come into use: as many vCPUs as hosts in use have no room for, at the least
  /// watts per vCPU.
  private func wattsToCome(_ level: Level, _ depth: Int) -> Double {
    var needed = 0.0
    for index in depth..<problem.n { needed += problem.vcpus[order[index]] }
    for host in 0..<problem.hosts where level.hostCount[host] > 0 {
      needed -= max(0, problem.hostVCPUs[host] - level.hostVCPUs[host])
    }
    var sum = 0.0
    for host in thriftyHosts where level.hostCount[host] == 0 && needed > 1e-9 * problem.hostVCPUs[host] {
      let share = min(1, needed / problem.hostVCPUs[host])
      sum += share * problem.watts[host]
      needed -= problem.hostVCPUs[host]
    }
    return sum
  }
}
