/// The Leiden algorithm for modularity (V. A. Traag, L. Waltman, N. J. van Eck, *From Louvain to Leiden: guaranteeing
/// well-connected communities*, Sci. Rep. 9, 5233, 2019).
///
/// One iteration moves single vertices to better communities, taking from a queue those whose neighbours changed;
/// refines each community into well-connected parts; makes each part a vertex of a smaller graph, on which the
/// communities are the first partition; and goes on there until nothing can be merged. The refinement takes the best
/// merge, not a random one of the good ones, as the authors' own `leidenalg` does by default.
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
    var level = graph
    var own = communities
    // Of each vertex of the whole graph, the one that stands for it at this level.
    var stand = [Int32](0..<Int32(graph.vertexCount))
    var hasMoved = false
    while true {
      if moveVertices(of: level, &own) { hasMoved = true }
      let parts = Partition(groups: refine(own, of: level))
      if parts.count == level.vertexCount { break }
      level = WeightedGraph(aggregating: level, by: parts)
      var communities = [Int32](repeating: 0, count: parts.count)
      for (vertex, part) in parts.groups.enumerated() { communities[Int(part)] = own[vertex] }
      own = Partition(groups: communities).groups
      for vertex in stand.indices { stand[vertex] = parts.groups[Int(stand[vertex])] }
    }
    if hasMoved { communities = graph.connectedParts(of: stand.map { own[Int($0)] }) }
    return hasMoved
  }
}

extension WeightedGraph {
  /// The communities that Leiden finds in so many iterations, or fewer if one changes nothing. Vertices without edges
  /// are in none. The same seed gives the same result.
  public func leiden(iterations: Int = 2, seed: UInt64 = 0) -> Partition {
    var leiden = Leiden(graph: self, seed: seed)
    var left = iterations
    while left > 0, leiden.iterate() { left -= 1 }
    return Partition(groups: zip(leiden.communities, strengths).map { $1 > 0 ? $0 : -1 })
  }

  /// The best division that can be found in a fraction of a second where the graph is small: by enumeration up to 10
  /// vertices with edges, else the best of as many runs of Leiden as the size allows, 32 down to one.
  public func bestPartition() -> Partition {
    if strengths.count(where: { $0 > 0 }) <= 10 { return exactPartition() }
    let runs = max(1, min(32, 200_000 / edgeCount))
    var best = leiden(iterations: runs > 1 ? 10 : 2)
    var bestModularity = modularity(of: best)
    for seed in 1..<runs {
      let found = leiden(iterations: 10, seed: UInt64(seed))
      let modularity = modularity(of: found)
      if modularity > bestModularity + 1e-12 { (best, bestModularity) = (found, modularity) }
    }
    return best
  }
}
