extension WeightedGraph {
  /// A division of greatest modularity, by enumeration: for few vertices with edges, since there are 115,975 divisions
  /// of 10 (Bell's numbers). Of equally good ones, the first in the order in which every vertex prefers the earliest
  /// group.
  func exactPartition() -> Partition {
    let vertices = (0..<vertexCount).filter { strengths[$0] > 0 }
    var enumeration = Enumeration(graph: self, vertices: vertices)
    enumeration.place(0, modularity: 0)
    var groups = [Int32](repeating: -1, count: vertexCount)
    for (place, vertex) in vertices.enumerated() { groups[vertex] = enumeration.best[place] }
    return Partition(groups: groups)
  }
}

/// Depth first over all divisions: each vertex into each group that is there, then into a new one.
private struct Enumeration {
  /// Edges between the vertices taken in order, as shares of twice the total weight.
  private var shares: [[Double]]
  private var strengths: [Double]
  private var groups: [Int32]
  private var groupStrengths: [Double] = []
  private(set) var best: [Int32]
  private var bestModularity = -Double.infinity

  init(graph: WeightedGraph, vertices: [Int]) {
    let total = 2 * graph.totalWeight
    strengths = vertices.map { graph.strengths[$0] / total }
    shares = Array(repeating: Array(repeating: 0, count: vertices.count), count: vertices.count)
    for (place, vertex) in vertices.enumerated() {
      for index in graph.offsets[vertex]..<graph.offsets[vertex + 1] {
        if let other = vertices.firstIndex(of: Int(graph.neighbours[index])) {
          shares[place][other] = graph.weights[index] / total
        }
      }
    }
    groups = Array(repeating: 0, count: vertices.count)
    best = groups
  }

  mutating func place(_ vertex: Int, modularity: Double) {
    if vertex == groups.count {
      // Rounding alone makes no division better.
      if modularity > bestModularity + 1e-12 { (best, bestModularity) = (groups, modularity) }
      return
    }
    let own = strengths[vertex]
    for group in 0..<groupStrengths.count {
      var inside = -own * groupStrengths[group]
      for other in 0..<vertex where groups[other] == group { inside += shares[vertex][other] }
      groups[vertex] = Int32(group)
      groupStrengths[group] += own
      place(vertex + 1, modularity: modularity + 2 * inside - own * own)
      groupStrengths[group] -= own
    }
    groups[vertex] = Int32(groupStrengths.count)
    groupStrengths.append(own)
    place(vertex + 1, modularity: modularity - own * own)
    groupStrengths.removeLast()
  }
}
