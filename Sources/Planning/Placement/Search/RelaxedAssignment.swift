/// vCPUs and memory that each site has for VMs, within its quota; a hair more than is checked, so that rounding decides
/// for none.
struct SiteRoom {
  private(set) var vcpus: [Double]
  private(set) var memory: [Double]

  init(_ problem: SearchProblem) {
    vcpus = (0..<problem.sites).map { site in
      (1 + 1e-8)
        * min(problem.quotaVCPUs[site], problem.siteHosts[site].reduce(0) { $0 + problem.hostVCPUs[$1] })
    }
    memory = (0..<problem.sites).map { site in
      (1 + 1e-8)
        * min(problem.quotaMemory[site], problem.siteHosts[site].reduce(0) { $0 + problem.hostMemory[$1] })
    }
  }

  /// Whether all sites together have room for all VMs.
  func holds(_ problem: SearchProblem) -> Bool {
    problem.vcpus.reduce(0, +) <= vcpus.reduce(0, +) && problem.memory.reduce(0, +) <= memory.reduce(0, +)
  }
}

/// The generalised assignment of blocks of VMs to sites, with its limits of room priced instead of kept.
struct RelaxedAssignment {
  private let sites: Int
  private let block: [Int]
  private let room: SiteRoom
  /// By block and site.
  private var costs: [Double]
  private var vcpus: [Double]
  private var memory: [Double]

  init(_ problem: SearchProblem, _ room: SiteRoom) {
    sites = problem.sites
    block = problem.block
    self.room = room
    costs = [Double](repeating: 0, count: problem.blocks.count * problem.sites)
    vcpus = problem.blocks.map { $0.reduce(0) { $0 + problem.vcpus[$1] } }
    memory = problem.blocks.map { $0.reduce(0) { $0 + problem.memory[$1] } }
  }

  mutating func add(_ vm: Int, _ site: Int, _ cost: Double) {
    let block = block[vm]
    let isTooLarge = vcpus[block] > room.vcpus[site] || memory[block] > room.memory[site]
    costs[block * sites + site] += isTooLarge ? .infinity : cost
  }

  /// Sites' prices per vCPU and GiB.
  private struct Prices {
    var vcpus: [Double]
    var memory: [Double]
  }

  /// By subgradients: prices rise where more is wanted than there is and fall where less is, in steps that halve where
  /// they lead no further. Infinite where a block can be nowhere.
  func bound() -> Double {
    var prices = Prices(vcpus: room.vcpus.map { _ in 0 }, memory: room.vcpus.map { _ in 0 })
    var excess = prices
    let free = value(prices, &excess)
    guard free < .infinity else { return .infinity }
    var (best, idle) = (free, 0)
    // About as much as it can rise.
    var rise = spread / 2
    let least = rise * 1e-4
    var left = max(20, min(200, Self.mostWork / max(1, costs.count)))
    while left > 0, rise > least {
      left -= 1
      let size = (excess.vcpus + excess.memory).reduce(0) { $0 + $1 * $1 }
      if size == 0 { break }
      for site in 0..<sites {
        prices.vcpus[site] = max(0, prices.vcpus[site] + rise / size * excess.vcpus[site])
        prices.memory[site] = max(0, prices.memory[site] + rise / size * excess.memory[site])
      }
      let now = value(prices, &excess)
      idle = now > best ? 0 : idle + 1
      best = max(best, now)
      if idle > 3 { (rise, idle) = (rise / 2, 0) }
    }
    // Less is rounding.
    return max(free, best - 1e-11 * (abs(best) + abs(free)))
  }

  private static let mostWork = 200_000_000

  /// Mean less least cost of each block.
  private var spread: Double {
    (0..<vcpus.count).reduce(0) { sum, block in
      let row = costs[block * sites..<(block + 1) * sites].filter { $0 < .infinity }
      return sum + row.reduce(0, +) / Double(max(1, row.count)) - (row.min() ?? 0)
    }
  }

  /// The least at these prices, less what they are worth; with what is wanted of each room beyond what there is, none
  /// where its price is 0 and should fall.
  private func value(_ prices: Prices, _ excess: inout Prices) -> Double {
    var sum = 0.0
    for site in 0..<sites {
      (excess.vcpus[site], excess.memory[site]) = (0, 0)
      if prices.vcpus[site] > 0 { sum -= prices.vcpus[site] * room.vcpus[site] }
      if prices.memory[site] > 0 { sum -= prices.memory[site] * room.memory[site] }
    }
    for block in vcpus.indices {
      var (best, least) = (0, Double.infinity)
      for site in 0..<sites {
        let cost =
          costs[block * sites + site] + prices.vcpus[site] * vcpus[block] + prices.memory[site] * memory[block]
        if cost < least { (best, least) = (site, cost) }
      }
      sum += least
      excess.vcpus[best] += vcpus[block]
      excess.memory[best] += memory[block]
    }
    for site in 0..<sites {
      excess.vcpus[site] = Self.slope(excess.vcpus[site], room.vcpus[site], prices.vcpus[site])
      excess.memory[site] = Self.slope(excess.memory[site], room.memory[site], prices.memory[site])
    }
    return sum
  }

  private static func slope(_ wanted: Double, _ room: Double, _ price: Double) -> Double {
    room == .infinity || price == 0 && wanted <= room ? 0 : wanted - room
  }
}
