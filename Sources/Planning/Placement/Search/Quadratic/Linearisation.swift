/// A placement problem with σ taken as linear around a placement, over sites or over hosts.
///
/// What a second of waiting costs depends on whose: in a coupled application the slowest VM alone sets σ. Its weights
/// here are the slopes of the smooth norm of all σ_i (SearchState), mixed with an even share, so that no VM counts for
/// nothing.
package struct Linearisation {
  let problem: SearchProblem
  let measure: Goal.Measure
  /// By VM: what one more of σ_i costs.
  let slope: [Double]
  /// By ordered pair of sites: what one more byte per second costs for the load it makes.
  let loadPrice: [Double]
  /// What one unit of price per second costs.
  let charged: Double

  /// - Parameter state: the placement around which; nothing is changed of it but its smoothness.
  package init(_ problem: SearchProblem, _ measure: Goal.Measure, around state: inout SearchState, evenShare: Double) {
    self.problem = problem
    self.measure = measure
    let slowdown = state.slowdown()
    charged = problem.charged(problem.remaining * slowdown)
    // What one more of σ costs.
    let worth: Double
    switch measure {
    // Watts aren't linear at all: what can be had here is a slowdown within its limit.
    case .seconds, .watts: worth = problem.remaining
    case .cost: worth = problem.isService ? 0 : problem.remaining * state.priceRate
    }
    let even = 1 / Double(problem.n)
    let shares = problem.coupled ? state.slopes(of: state.own, power: 3) : state.own.map { _ in even }
    slope = shares.map { worth * (evenShare * even + (1 - evenShare) * $0) }
    let linkWorth = slope.indices.reduce(0) { [slope] in $0 + slope[$1] * problem.waitFactor[$1] }
    let loads = state.crossing.indices.map { state.crossing[$0] * problem.loadFactor[$0] }
    let loadShares = state.slopes(of: loads, power: 2)
    let evenLoad = evenShare < 1 ? 0 : 1 / Double(max(1, loads.count))
    loadPrice = loads.indices.map {
      linkWorth * (evenLoad + (1 - evenShare) * loadShares[$0]) * problem.loadFactor[$0]
    }
  }

  /// The problem over sites, each with the room of all its hosts within its quota.
  func overSites() -> QuadraticProblem {
    let largest = problem.vcpus.max() ?? 0
    let slowness = problem.siteHosts.map { hosts in
      hosts.reduce(0) { $0 + problem.slowness[$1] } / Double(max(1, hosts.count))
    }
    var linear = make(
      places: problem.sites, site: { $0 },
      roomVCPUs: (0..<problem.sites).map { site in
        // So many VMs take no more than so many of the largest.
        min(
          problem.quotaVCPUs[site], Double(problem.quotaVMs[site]) * largest,
          problem.siteHosts[site].reduce(0) { $0 + problem.hostVCPUs[$1] })
      },
      roomMemory: (0..<problem.sites).map { site in
        min(problem.quotaMemory[site], problem.siteHosts[site].reduce(0) { $0 + problem.hostMemory[$1] })
      },
      own: { vm, site in
        let hosts = problem.siteHosts[site]
        guard hosts.contains(where: { problem.canHold(vm, $0) }) else { return .infinity }
        let isHome = problem.present[vm] >= 0 && problem.hostSite[problem.present[vm]] == site
        return cost(vm, site, slowness: slowness[site], moved: problem.present[vm] >= 0 && !isHome)
      },
      latency: problem.latency)
    linear.volumes = (0..<problem.n).map { vm in linear.entries(of: vm).reduce(0) { $0 + linear.weight($1) } }
    return linear
  }

  /// The problem over hosts.
  package func overHosts() -> QuadraticProblem {
    make(
      places: problem.hosts, site: { problem.hostSite[$0] }, roomVCPUs: problem.hostVCPUs,
      roomMemory: problem.hostMemory,
      own: { vm, host in
        guard problem.canHold(vm, host) else { return .infinity }
        let moved = problem.present[vm] >= 0 && problem.present[vm] != host
        return cost(vm, problem.hostSite[host], slowness: problem.slowness[host], moved: moved)
      },
      latency: (0..<problem.hosts * problem.hosts).map { index in
        let (from, to) = (index / problem.hosts, index % problem.hosts)
        return from == to
          ? problem.sameHostLatency : problem.latency[problem.hostSite[from] * problem.sites + problem.hostSite[to]]
      })
  }

  /// What a VM costs at a site but for its traffic with other VMs.
  private func cost(_ vm: Int, _ site: Int, slowness: Double, moved: Bool) -> Double {
    let entry = vm * problem.sites + site
    var cost = slope[vm] * problem.compute[vm] * slowness
    switch measure {
    case .cost: cost += problem.price[entry] * charged + (moved ? problem.migrationCost[entry] : 0)
    case .seconds: cost += moved ? problem.downtime[entry] : 0
    case .watts: break
    }
    for traffic in problem.traffic.entries(of: vm) where problem.traffic.peers[traffic] >= problem.n {
      let there = problem.endpointSite[problem.traffic.peers[traffic] - problem.n]
      let (out, back) = (site * problem.sites + there, there * problem.sites + site)
      cost +=
        slope[vm] * problem.waitFactor[vm] * problem.traffic.waits[traffic] * problem.latency[out]
        + problem.traffic.bytesOut[traffic] * bytePrice(out) + problem.traffic.bytesIn[traffic] * bytePrice(back)
    }
    return cost
  }

  /// What a byte per second between two sites costs.
  private func bytePrice(_ index: Int) -> Double {
    (measure == .cost ? problem.egressFactor[index] : 0) + loadPrice[index]
  }

  private func make(
    places: Int, site: (Int) -> Int, roomVCPUs: [Double], roomMemory: [Double], own: (Int, Int) -> Double,
    latency: [Double]
  ) -> QuadraticProblem {
    let traffic = problem.traffic
    var offsets = [0]
    var peers: [Int] = []
    var waits: [Double] = []
    var bytesOut: [Double] = []
    var bytesIn: [Double] = []
    offsets.reserveCapacity(problem.n + 1)
    peers.reserveCapacity(traffic.peers.count)
    waits.reserveCapacity(traffic.peers.count)
    bytesOut.reserveCapacity(traffic.peers.count)
    bytesIn.reserveCapacity(traffic.peers.count)
    for vm in 0..<problem.n {
      for entry in traffic.entries(of: vm) where traffic.peers[entry] < problem.n {
        let peer = traffic.peers[entry]
        peers.append(peer)
        waits.append(
          traffic.waits[entry] * (slope[vm] * problem.waitFactor[vm] + slope[peer] * problem.waitFactor[peer]))
        bytesOut.append(traffic.bytesOut[entry])
        bytesIn.append(traffic.bytesIn[entry])
      }
      offsets.append(peers.count)
    }
    let price = (0..<places * places).map { bytePrice(site($0 / places) * problem.sites + site($0 % places)) }
    return QuadraticProblem(
      items: problem.n, places: places, sizes: [Double](repeating: 1, count: problem.n), vcpus: problem.vcpus,
      memory: problem.memory, roomVCPUs: roomVCPUs, roomMemory: roomMemory,
      own: (0..<problem.n * places).map { own($0 / places, $0 % places) }, offsets: offsets, peers: peers, waits: waits,
      bytesOut: bytesOut, bytesIn: bytesIn, volumes: [], latency: latency, price: price,
      hasBytes: price.contains { $0 > 0 }, latencyScale: Self.scale(latency, places),
      priceScale: Self.scale(price, places))
  }

  /// Mean between two places less mean within one.
  private static func scale(_ table: [Double], _ places: Int) -> Double {
    var (within, between) = (0.0, 0.0)
    for index in table.indices {
      if index % (places + 1) == 0 { within += table[index] } else { between += table[index] }
    }
    return max(0, between / Double(max(1, places * places - places)) - within / Double(max(1, places)))
  }
}
