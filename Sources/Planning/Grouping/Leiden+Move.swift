extension Leiden {
  /// Fast local moving: every vertex, in random order, goes to the neighbouring community (or to an empty one) where
  /// modularity gains most; the neighbours of one that has gone are looked at again. Returns whether any went.
  mutating func moveVertices(of graph: WeightedGraph, _ communities: inout [Int32]) -> Bool {
    let count = graph.vertexCount
    var strength = [Double](repeating: 0, count: count)
    var sizes = [Int32](repeating: 0, count: count)
    for (vertex, community) in communities.enumerated() {
      strength[Int(community)] += graph.strengths[vertex]
      sizes[Int(community)] += 1
    }
    var empty = (0..<Int32(count)).filter { sizes[Int($0)] == 0 }
    // A ring: no vertex is in it twice.
    var queue = random.permutation(of: count)
    var isQueued = [Bool](repeating: true, count: count)
    var head = 0
    var queued = count
    var near = Neighbourhood(count: count)
    var hasMoved = false
    let scale = graph.totalWeight > 0 ? 1 / (2 * graph.totalWeight) : 0

    while queued > 0 {
      let vertex = Int(queue[head])
      head = head + 1 == count ? 0 : head + 1
      queued -= 1
      isQueued[vertex] = false
      let row = graph.offsets[vertex]..<graph.offsets[vertex + 1]
      for index in row { near.add(graph.weights[index], to: communities[Int(graph.neighbours[index])]) }

      let own = communities[vertex]
      let weight = graph.strengths[vertex]
      strength[Int(own)] -= weight
      // What a gain must exceed: more than the product's rounding, so that every move is one for the better.
      let margin = 1e-12 * weight
      var best = own
      var bestGain = near.weights[Int(own)] - weight * scale * strength[Int(own)]
      near.visit { community, toward in
        let gain = toward - weight * scale * strength[Int(community)]
        if gain > bestGain + margin { (best, bestGain) = (community, gain) }
      }
      if bestGain < -margin, let free = empty.last { best = free }
      near.clear()
      strength[Int(best)] += weight
      if best == own { continue }

      if sizes[Int(best)] == 0 { empty.removeLast() }
      sizes[Int(best)] += 1
      sizes[Int(own)] -= 1
      if sizes[Int(own)] == 0 { empty.append(own) }
      communities[vertex] = best
      hasMoved = true
      for index in row {
        let neighbour = Int(graph.neighbours[index])
        if communities[neighbour] != best, !isQueued[neighbour] {
          isQueued[neighbour] = true
          let tail = head + queued
          queue[tail < count ? tail : tail - count] = Int32(neighbour)
          queued += 1
        }
      }
    }
    return hasMoved
  }
}

/// The weight that leads from one vertex to each community around it: a dense table, of which only what was touched is
/// cleared.
struct Neighbourhood {
  private(set) var weights: [Double]
  private var touched: [Int32]
  private var touchedCount = 0

  init(count: Int) {
    weights = Array(repeating: 0, count: count)
    touched = Array(repeating: 0, count: count)
  }

  @inline(__always)
  mutating func add(_ weight: Double, to community: Int32) {
    if weights[Int(community)] == 0 {
      touched[touchedCount] = community
      touchedCount += 1
    }
    weights[Int(community)] += weight
  }

  @inline(__always)
  func visit(_ body: (_ community: Int32, _ weight: Double) -> Void) {
    for index in 0..<touchedCount { body(touched[index], weights[Int(touched[index])]) }
  }

  mutating func clear() {
    for index in 0..<touchedCount { weights[Int(touched[index])] = 0 }
    touchedCount = 0
  }
}
