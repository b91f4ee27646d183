/// An undirected graph with weighted edges, in compressed sparse rows: what Leiden and the report's algorithm work on.
///
/// Weights are whole numbers below 2⁵³ (see `TrafficGraph`), so that sums of them are exact in any order: results
/// depend on the graph alone, and no rounding can make an algorithm move a vertex back and forth.
public struct WeightedGraph: Sendable {
  /// Row of vertex v: `offsets[v] ..< offsets[v + 1]` in `neighbours` and `weights`. One more than there are vertices.
  let offsets: [Int]
  /// Every edge stands in the rows of both its ends; none leads from a vertex to itself.
  let neighbours: [Int32]
  let weights: [Double]
  /// Weight inside each vertex, where vertices stand for groups of vertices; each edge counted once.
  let loops: [Double]
  /// Weight of the edges of each vertex, loops counted twice.
  let strengths: [Double]
  /// Weight of all edges and loops, each counted once.
  let totalWeight: Double

  init(
    offsets: [Int], neighbours: [Int32], weights: [Double], loops: [Double], strengths: [Double], totalWeight: Double
  ) {
    self.offsets = offsets
    self.neighbours = neighbours
    self.weights = weights
    self.loops = loops
    self.strengths = strengths
    self.totalWeight = totalWeight
  }

  public var vertexCount: Int { strengths.count }
  public var edgeCount: Int { neighbours.count / 2 }
}

extension WeightedGraph {
  /// Modularity (Newman and Girvan, Phys. Rev. E 69, 026113, 2004; weighted as in Newman, Phys. Rev. E 70, 056131):
  /// Σ over groups of w/m − (k/2m)², with w the weight inside, k the strength of the group, m the total weight.
  /// Vertices without a group count for nothing. 0 for a graph without edges.
  public func modularity(of partition: Partition) -> Double {
    if totalWeight == 0 { return 0 }
    var inside = [Double](repeating: 0, count: partition.count)
    var strength = inside
    for vertex in 0..<vertexCount {
      let own = partition.groups[vertex]
      if own < 0 { continue }
      strength[Int(own)] += strengths[vertex] / (2 * totalWeight)
      inside[Int(own)] += loops[vertex]
      for index in offsets[vertex]..<offsets[vertex + 1] where partition.groups[Int(neighbours[index])] == own {
        inside[Int(own)] += weights[index] / 2
      }
    }
    return zip(inside, strength).reduce(0) { $0 + $1.0 / totalWeight - $1.1 * $1.1 }
  }

  /// Share, 0 … 1, of the weight that runs between vertices of different groups; of vertices without a group, none.
  public func cutShare(of partition: Partition) -> Double {
    if totalWeight == 0 { return 0 }
    var cut = 0.0
    for vertex in 0..<vertexCount where partition.groups[vertex] >= 0 {
      for index in offsets[vertex]..<offsets[vertex + 1] {
        let other = partition.groups[Int(neighbours[index])]
        if other >= 0, other != partition.groups[vertex] { cut += weights[index] / 2 }
      }
    }
    return cut / totalWeight
  }

  /// All vertices with edges in one group, the others in none.
  func oneGroup() -> Partition {
    Partition(groups: strengths.map { $0 > 0 ? 0 : -1 })
  }
}
