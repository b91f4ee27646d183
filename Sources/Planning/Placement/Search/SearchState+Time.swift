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
    }
    waits[vm] = wait
    let computing = problem.compute[vm] * problem.slowness[host] + problem.idle[vm]
    change(vm, own: computing + problem.waitFactor[vm] * wait)
    if before != here, problem.hasLoads, problem.coupled { refreshLink() }
  }

  private mutating func cross(_ outward: Int, _ inward: Int, _ out: Double, _ back: Double) {
    crossing[outward] += out
    crossing[inward] += back
    egress += out * problem.egressFactor[outward] + back * problem.egressFactor[inward]
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
      smoothSum += power(value) - power(own[vm])
      let slowdown = value + problem.waitFactor[vm] * link
      if slowest >= 0, slowdown >= largest {
        (slowest, largest) = (vm, slowdown)
      } else if slowest == vm {
        slowest = -1
      }
    }
    own[vm] = value
  }

  private func power(_ value: Double) -> Double {
    var result = value / smoothScale
    for _ in 0..<smoothPower { result *= result }
    return result
  }

  /// The largest load, and with it every σ_i of a coupled application.
  mutating func refreshLink() {
    guard problem.coupled else { return }
    var largestLoad = 0.0
    for index in crossing.indices { largestLoad = max(largestLoad, crossing[index] * problem.loadFactor[index]) }
    if largestLoad == link { return }
    link = largestLoad
    slowest = -1
  }

  mutating func refreshSlowdowns() {
    (ownSum, smoothSum, slowest) = (0, 0, -1)
    for vm in 0..<problem.n {
      let computing = problem.compute[vm] * problem.slowness[hostOf[vm]] + problem.idle[vm]
      own[vm] = computing + problem.waitFactor[vm] * waits[vm]
      ownSum += own[vm]
      smoothSum += power(own[vm])
    }
  }

  /// σ.
  mutating func slowdown() -> Double {
    guard problem.coupled else { return max(0, ownSum + linkSum()) / Double(problem.n) }
    if slowest < 0 {
      largest = -.infinity
      for vm in 0..<problem.n {
        let slowdown = own[vm] + problem.waitFactor[vm] * link
        if slowdown > largest { (slowest, largest) = (vm, slowdown) }
      }
    }
    return largest
  }

  /// σ of a coupled application from above, with a slope wherever any σ_i has one: the norm of all `own` of order
  /// 2^`smoothPower`.
  func smoothSlowdown() -> Double {
    var root = max(0, smoothSum)
    for _ in 0..<smoothPower { root.formSquareRoot() }
    return root * smoothScale + linkFactor * link
  }

  /// Sharpens or softens the norm, around the present σ.
  mutating func setSmoothness(power: Int) {
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

  /// Σ κ_i·link_i of an independent application.
  private func linkSum() -> Double {
    guard problem.hasLoads else { return 0 }
    let sites = problem.sites
    var sum = 0.0
    for vm in 0..<problem.n {
      let here = problem.hostSite[hostOf[vm]]
      var largest = 0.0
      for entry in problem.traffic.entries(of: vm) {
        let there = site(of: problem.traffic.peers[entry])
        if here == there { continue }
        let (out, back) = (here * sites + there, there * sites + here)
        if problem.traffic.bytesOut[entry] > 0 { largest = max(largest, crossing[out] * problem.loadFactor[out]) }
        if problem.traffic.bytesIn[entry] > 0 { largest = max(largest, crossing[back] * problem.loadFactor[back]) }
      }
      sum += problem.waitFactor[vm] * largest
    }
    return sum
  }
}
