/// Loads of the links between sites.
extension SearchState {
  /// Whether σ asks how loaded the links of each VM are, not just the most loaded of all.
  var tracksReach: Bool { problem.hasLoads && !problem.coupled }

  /// What a move from site to site changes: the largest load, and with it every σ_i of a coupled application; the sum
  /// over VMs of an independent one.
  mutating func refreshLink() {
    guard problem.coupled else {
      linkTotal = nil
      return
    }
    if busiest >= 0 { return }
    (busiest, link) = (0, 0)
    for index in crossing.indices where crossing[index] * problem.loadFactor[index] > link {
      (busiest, link) = (index, crossing[index] * problem.loadFactor[index])
    }
  }

  /// Counts the peers of every VM by site.
  mutating func refreshReach() {
    guard tracksReach else { return }
    reach = [Int32](repeating: 0, count: 2 * problem.n * problem.sites)
    for vm in 0..<problem.n {
      let row = 2 * vm * problem.sites
      for entry in problem.traffic.entries(of: vm) {
        let there = site(of: problem.traffic.peers[entry])
        if problem.traffic.bytesOut[entry] > 0 { reach[row + there] += 1 }
        if problem.traffic.bytesIn[entry] > 0 { reach[row + problem.sites + there] += 1 }
      }
    }
  }

  /// A peer of a VM has gone to another site.
  mutating func reach(of vm: Int, from before: Int, to here: Int, out: Bool, back: Bool) {
    let row = 2 * vm * problem.sites
    if out {
      reach[row + before] -= 1
      reach[row + here] += 1
    }
    if back {
      reach[row + problem.sites + before] -= 1
      reach[row + problem.sites + here] += 1
    }
  }

  /// Σ κ_i·link_i of an independent application.
  mutating func linkSum() -> Double {
    guard problem.hasLoads else { return 0 }
    if let linkTotal { return linkTotal }
    sortLinks()
    let width = 2 * problem.sites
    var sum = 0.0
    for vm in 0..<problem.n {
      let first = problem.hostSite[hostOf[vm]] * width
      // Mostly the first or second is one that the VM uses.
      for place in first..<first + width where reach[vm * width + sortedLinks[place].other] > 0 {
        sum += problem.waitFactor[vm] * sortedLinks[place].load
        break
      }
    }
    linkTotal = sum
    return sum
  }

  /// Sorts each site's links by falling load, by insertion: they hardly change from one time to the next.
  private mutating func sortLinks() {
    let (sites, width) = (problem.sites, 2 * problem.sites)
    for site in 0..<sites {
      let first = site * width
      for place in first..<first + width {
        let other = sortedLinks[place].other
        let link = other < sites ? site * sites + other : (other - sites) * sites + site
        let load = max(0, crossing[link] * problem.loadFactor[link])
        var hole = place
        while hole > first, sortedLinks[hole - 1].load < load {
          sortedLinks[hole] = sortedLinks[hole - 1]
          hole -= 1
        }
        sortedLinks[hole] = (other, load)
      }
    }
  }
}
