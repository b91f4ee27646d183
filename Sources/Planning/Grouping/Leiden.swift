/// The Leiden algorithm for modularity (V. A. Traag, L. Waltman, N. J. van Eck, *From Louvain to Leiden: guaranteeing
/// well-connected communities*, Sci. Rep. 9, 5233, 2019).
///
/// One iteration moves single vertices to better communities, taking from a queue those whose neighbours changed;
/// refines each community into well-connected parts; makes each part a vertex of a smaller graph, on which the
/// communities are the first partition; and goes on there until nothing can be merged. `divide` is an addition.
struct Leiden {
  let graph: WeightedGraph
  private(set) var communities: [Int32]
  var random: SplitMix64

  /// Every vertex in a community of its own.
  init(graph: WeightedGraph, seed: UInt64) {
    self.graph = graph
    communities = [Int32](0..<Int32(graph.vertexCount))
    random = SplitMix64(seed: seed)
  }

  /// One iteration. Returns whether any vertex moved.
  mutating func iterate() -> Bool {
    climb(from: graph, communities, standing: [Int32](0..<Int32(graph.vertexCount)))
  }

  /// Looks for a better division inside each community, by an iteration that starts anew from single vertices and sees
  /// no edges between communities, and then moves the parts that it finds. Returns whether any moved.
  mutating func divide() -> Bool {
    var inside = Leiden(graph: graph.inside(communities), seed: random.next())
    _ = inside.iterate()
    let parts = Partition(groups: inside.communities)
    return climb(
      from: WeightedGraph(aggregating: graph, by: parts), own(of: parts, communities), standing: parts.groups)
  }

  /// Moves vertices, refines and aggregates, from a level at which `standing` says what each vertex of the whole graph
  /// is part of.
  private mutating func climb(
    from level: WeightedGraph, _ communities: [Int32], standing: [Int32]
  ) -> Bool {
    var level = level
    var own = communities
    var standing = standing
    var hasMoved = false
    while true {
      if moveVertices(of: level, &own) { hasMoved = true }
      let parts = Partition(groups: refine(own, of: level))
      if parts.count == level.vertexCount { break }
      level = WeightedGraph(aggregating: level, by: parts)
      own = self.own(of: parts, own)
      for vertex in standing.indices { standing[vertex] = parts.groups[Int(standing[vertex])] }
    }
    if hasMoved { self.communities = graph.connectedParts(of: standing.map { own[Int($0)] }) }
    return hasMoved
  }

  /// The community of each part of a community, numbered anew.
  private func own(of parts: Partition, _ communities: [Int32]) -> [Int32] {
    var own = [Int32](repeating: 0, count: parts.count)
    for (vertex, part) in parts.groups.enumerated() { own[Int(part)] = communities[vertex] }
    return Partition(groups: own).groups
  }
}

extension WeightedGraph {
  /// The communities of up to ten iterations of Leiden, divided once more up to ten times; each as long as it changes
  /// anything. Vertices without edges are in none. The same seed gives the same result.
  ///
  /// Dividing costs about an iteration, and finds groups that iterations alone leave merged: with 100 planted groups,
  /// 10⁴ vertices and three quarters of 10⁶ edges between groups, modularity 0.2336 instead of 0.2222.
  public func leiden(seed: UInt64 = 0) -> Partition {
    var leiden = Leiden(graph: self, seed: seed)
    var left = 10
    while left > 0, leiden.iterate() { left -= 1 }
    left = 10
    while left > 0, leiden.divide() {
      _ = leiden.iterate()
      left -= 1
    }
    return Partition(groups: zip(leiden.communities, strengths).map { $1 > 0 ? $0 : -1 })
  }

  /// The best division that can be found in a fraction of a second where the graph is small: by enumeration up to 10
  /// vertices with edges, else the best of as many runs of Leiden as the size allows, 32 down to one.
  public func bestPartition() -> Partition {
    if strengths.count(where: { $0 > 0 }) <= 10 { return exactPartition() }
    var best = leiden()
    var bestModularity = modularity(of: best)
    for seed in 1..<max(1, min(32, 100_000 / edgeCount)) {
      let found = leiden(seed: UInt64(seed))
      let modularity = modularity(of: found)
      if modularity > bestModularity + 1e-12 { (best, bestModularity) = (found, modularity) }
    }
    return best
  }
}
