/// Pairs of items joined into one by heavy edges: the coarser problem of multilevel partitioning (Karypis and Kumar,
/// "A Fast and High Quality Multilevel Scheme for Partitioning Irregular Graphs", SIAM J. Sci. Comput. 20, 1998),
/// edges rated by weight² / (size · size).
struct Coarsening {
  let coarse: QuadraticProblem
  /// Item of the coarse problem for each of the fine one.
  let parent: [Int]

  /// Whom an item may be joined with.
  enum Rule {
    case anyone
    /// An item whose best peer is taken or too large stays alone rather than with one far worse: what is left over of a
    /// group of VMs isn't mixed with that of another.
    case best
    /// Besides, only with those with whom it shares more than pairs drawn at random would: with modularity's gain
    /// (Newman, "Fast algorithm for detecting community structure in networks", Phys. Rev. E 69, 2004) the way down
    /// ends at groups.
    case group
  }

  /// - Parameters:
  ///   - placement: where given, only items of one place are joined, so that it is one of the coarse problem too.
  ///   - largest: vCPUs and memory of an item at most.
  /// - Returns: nil where less than a twentieth would be joined.
  init?(
    _ fine: QuadraticProblem, keeping placement: [Int]?, largestVCPUs: Double, largestMemory: Double, rule: Rule,
    random: inout SplitMix64
  ) {
    let whole = fine.volumes.reduce(0, +)
    var mate = [Int](repeating: -1, count: fine.items)
    for item in random.permutation(of: fine.items) {
      let item = Int(item)
      if mate[item] >= 0 { continue }
      var (best, rating, wished) = (-1, 0.0, 0.0)
      for entry in fine.entries(of: item) {
        let peer = fine.peers[entry]
        if mate[peer] >= 0, rule == .anyone { continue }
        if let placement, placement[peer] != placement[item] { continue }
        let weight = fine.weight(entry)
        if rule == .group, weight * whole <= fine.volumes[item] * fine.volumes[peer] { continue }
        let value = weight * weight / (fine.sizes[item] * fine.sizes[peer])
        wished = max(wished, value)
        guard value > rating, mate[peer] < 0, fine.vcpus[item] + fine.vcpus[peer] <= largestVCPUs,
          fine.memory[item] + fine.memory[peer] <= largestMemory, Self.canMeet(fine, item, peer)
        else { continue }
        (best, rating) = (peer, value)
      }
      if rule != .anyone, rating * Self.farWorse < wished { best = -1 }
      mate[item] = best < 0 ? item : best
      if best >= 0 { mate[best] = item }
    }
    var parent = [Int](repeating: -1, count: fine.items)
    var count = 0
    for item in 0..<fine.items where parent[item] < 0 {
      parent[item] = count
      parent[mate[item]] = count
      count += 1
    }
    guard count * 20 < fine.items * 19 else { return nil }
    self.parent = parent
    coarse = Self.join(fine, parent, count)
  }

  /// A quarter of the weight between two alike. Of VMs of one group ratings differ less, of those of two far more.
  private static let farWorse = 16.0

  private static func canMeet(_ fine: QuadraticProblem, _ item: Int, _ peer: Int) -> Bool {
    (0..<fine.places).contains { fine.own[item * fine.places + $0] + fine.own[peer * fine.places + $0] < .infinity }
  }

  /// Of the coarse problem: what all items of each have.
  func lifted(_ fine: [Int]) -> [Int] {
    var values = [Int](repeating: 0, count: coarse.items)
    for item in fine.indices { values[parent[item]] = fine[item] }
    return values
  }

  /// Adds up items with the same parent.
  static func join(_ fine: QuadraticProblem, _ parent: [Int], _ count: Int) -> QuadraticProblem {
    let places = fine.places
    var vcpus = [Double](repeating: 0, count: count)
    var memory = vcpus
    var sizes = vcpus
    var volumes = vcpus
    var own = [Double](repeating: 0, count: count * places)
    var sums = [Int](repeating: 0, count: count + 1)
    for item in 0..<fine.items {
      let up = parent[item]
      vcpus[up] += fine.vcpus[item]
      memory[up] += fine.memory[item]
      sizes[up] += fine.sizes[item]
      volumes[up] += fine.volumes[item]
      for place in 0..<places { own[up * places + place] += fine.own[item * places + place] }
      sums[up + 1] += 1
    }
    for up in 0..<count { sums[up + 1] += sums[up] }
    var members = [Int](repeating: 0, count: fine.items)
    var next = sums
    for item in 0..<fine.items {
      members[next[parent[item]]] = item
      next[parent[item]] += 1
    }
    var offsets = [0]
    offsets.reserveCapacity(count + 1)
    var peers: [Int] = []
    var waits: [Double] = []
    var bytesOut: [Double] = []
    var bytesIn: [Double] = []
    peers.reserveCapacity(fine.peers.count)
    var seen = [Int](repeating: -1, count: count)
    for up in 0..<count {
      let start = peers.count
      for member in sums[up]..<sums[up + 1] {
        for entry in fine.entries(of: members[member]) {
          let peer = parent[fine.peers[entry]]
          if peer == up { continue }
          if seen[peer] < start {
            seen[peer] = peers.count
            peers.append(peer)
            waits.append(0)
            bytesOut.append(0)
            bytesIn.append(0)
          }
          waits[seen[peer]] += fine.waits[entry]
          bytesOut[seen[peer]] += fine.bytesOut[entry]
          bytesIn[seen[peer]] += fine.bytesIn[entry]
        }
      }
      offsets.append(peers.count)
    }
    return QuadraticProblem(
      items: count, places: places, sizes: sizes, vcpus: vcpus, memory: memory, roomVCPUs: fine.roomVCPUs,
      roomMemory: fine.roomMemory, own: own, offsets: offsets, peers: peers, waits: waits, bytesOut: bytesOut,
      bytesIn: bytesIn, volumes: volumes, latency: fine.latency, price: fine.price, hasBytes: fine.hasBytes,
      latencyScale: fine.latencyScale, priceScale: fine.priceScale)
  }
}
