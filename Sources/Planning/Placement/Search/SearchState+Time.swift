extension SearchState {
  /// Waits, bytes and prices of a VM's traffic when it goes from one host to another; `hostOf` still has the first.
  mutating func meetAnew(_ vm: Int, _ from: Int, _ host: Int) {
    let (before, here) = (problem.hostSite[from], problem.hostSite[host])
    let sites = problem.sites
    var wait = 0.0
    for entry in problem.traffic.entries(of: vm) {
      let peer = problem.traffic.peers[entry]
      let there = site(of: peer)
      let old = latency(from, before, peer, there)
      let new = latency(host, here, peer, there)
      let waiting = problem.traffic.waits[entry]
      wait += waiting * new
      if peer < problem.n, waiting > 0, new != old { change(peer, wait: waits[peer] + waiting * (new - old)) }
      guard before != here else { continue }
      let (out, back) = (problem.traffic.bytesOut[entry], problem.traffic.bytesIn[entry])
      if before != there { cross(before * sites + there, there * sites + before, -out, -back) }
      if here != there { cross(here * sites + there, there * sites + here, out, back) }
      if tracksReach, peer < problem.n { reach(of: peer, from: before, to: here, out: back > 0, back: out > 0) }
    }
    waits[vm] = wait
    let computing = problem.compute[vm] * problem.slowness[host] + problem.idle[vm]
    change(vm, own: computing + problem.waitFactor[vm] * wait)
    if before != here, problem.hasLoads { refreshLink() }
  }

  private mutating func cross(_ outward: Int, _ inward: Int, _ out: Double, _ back: Double) {
    load(outward, out)
    load(inward, back)
    egress += out * problem.egressFactor[outward] + back * problem.egressFactor[inward]
  }

  private mutating func load(_ index: Int, _ bytes: Double) {
    crossing[index] += bytes
    let load = crossing[index] * problem.loadFactor[index]
    if busiest == index, load < link {
      busiest = -1
    } else if busiest >= 0, load > link {
      (busiest, link) = (index, load)
    }
  }

  private mutating func change(_ vm: Int, wait: Double) {
    let factor = problem.waitFactor[vm]
    let value = own[vm] + factor * (wait - waits[vm])
    waits[vm] = wait
    change(vm, own: value)
  }

  private mutating func change(_ vm: Int, own value: Double) {
    ownSum += value - own[vm]
    if problem.coupled {
      if isSmooth { smoothSum += power(value) - power(own[vm]) }
      slowest.set(vm, value)
    }
    own[vm] = value
  }

  private func power(_ value: Double) -> Double {
    var result = value / smoothScale
    for _ in 0..<smoothPower { result *= result }
    return result
  }

  mutating func refreshSlowdowns() {
    (ownSum, smoothSum) = (0, 0)
    for vm in 0..<problem.n {
      let computing = problem.compute[vm] * problem.slowness[hostOf[vm]] + problem.idle[vm]
      own[vm] = computing + problem.waitFactor[vm] * waits[vm]
      ownSum += own[vm]
      if isSmooth { smoothSum += power(own[vm]) }
    }
    if problem.coupled { slowest.replace(own) }
  }

  /// σ.
  mutating func slowdown() -> Double {
    guard problem.coupled else { return max(0, ownSum + linkSum()) / Double(problem.n) }
    return slowest.largest(with: link)
  }

  /// σ of a coupled application from above, with a slope wherever any σ_i has one: the norm of all `own` of order
  /// 2^`smoothPower`.
  func smoothSlowdown() -> Double {
    var root = max(0, smoothSum)
    for _ in 0..<smoothPower { root.formSquareRoot() }
    return root * smoothScale + linkFactor * link
  }

  /// Keeps the smooth norm, too, sharp or soft, around the present σ; and the smooth watts.
  mutating func setSmoothness(power: Int) {
    isSmooth = true
    smoothScale = max(own.max() ?? 0, 1e-9)
    smoothPower = power
    refreshSlowdowns()
    let shares = slopes(of: own, power: power)
    linkFactor = shares.indices.reduce(0) { $0 + shares[$1] * problem.waitFactor[$1] }
  }

  /// How the norm of order 2^`power` of some values rises with each: shares that sum to 1.
  func slopes(of values: [Double], power: Int) -> [Double] {
    guard let largest = values.max(), largest > 0 else { return values.map { _ in 1 / Double(values.count) } }
    let weights = values.map { value in
      // (value / largest) to the power of 2^power − 1.
      var (product, square) = (1.0, max(0, value) / largest)
      for _ in 0..<power {
        product *= square
        square *= square
      }
      return product
    }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }
}
