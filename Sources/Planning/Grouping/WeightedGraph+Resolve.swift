extension WeightedGraph {
  /// Divides each group again, as a graph of its own, and so on with its parts; as long as it takes fewer words to say
  /// who has edges with whom if the parts are told (see `saving(inside:across:sizes:)`).
  ///
  /// Modularity joins two groups as soon as more leads from one to the other than chance would have it in the whole
  /// graph: its resolution limit (S. Fortunato and M. Barthélemy, PNAS 104, 36, 2007). Where the graph is large and
  /// groups are small, that is an edge or two. Apart from the graph around it, the joined group falls into its parts.
  ///
  /// Modularity of the result is lower wherever something was divided. The same seed gives the same result.
  public func resolved(_ partition: Partition, seed: UInt64 = 0) -> Partition {
    var groups = partition.groups
    var open = partition.members()
    var count = Int32(open.count)
    var places = [Int32](repeating: -1, count: vertexCount)
    while let vertices = open.popLast() {
      // All the edges that seven vertices can have tell no two parts apart.
      if vertices.count < 8 { continue }
      let graph = subgraph(of: vertices, places: &places)
      var leiden = Leiden(graph: graph, seed: seed)
      if leiden.iterate() { _ = leiden.iterate() }
      let parts = graph.joiningDoubtful(Partition(groups: leiden.communities)).members()
      if parts.count < 2 { continue }
      for part in parts.dropFirst() {
        for place in part { groups[Int(vertices[Int(place)])] = count }
        count += 1
      }
      open += parts.map { part in part.map { vertices[Int($0)] } }
    }
    return Partition(groups: groups)
  }

  /// The graph of some vertices and the edges between them, with strengths of its own.
  ///
  /// - Parameter places: −1 for every vertex of this graph, before and after.
  private func subgraph(of vertices: [Int32], places: inout [Int32]) -> WeightedGraph {
    for (place, vertex) in vertices.enumerated() { places[Int(vertex)] = Int32(place) }
    defer { for vertex in vertices { places[Int(vertex)] = -1 } }
    var offsets = [0]
    var neighbours: [Int32] = []
    var weights: [Double] = []
    var strengths: [Double] = []
    for vertex in vertices.lazy.map(Int.init) {
      var strength = 0.0
      for index in self.offsets[vertex]..<self.offsets[vertex + 1] {
        let place = places[Int(self.neighbours[index])]
        if place < 0 { continue }
        neighbours.append(place)
        weights.append(self.weights[index])
        strength += self.weights[index]
      }
      offsets.append(neighbours.count)
      strengths.append(strength)
    }
    return WeightedGraph(
      offsets: offsets, neighbours: neighbours, weights: weights, loops: Array(repeating: 0, count: vertices.count),
      strengths: strengths, totalWeight: strengths.reduce(0, +) / 2)
  }

  /// The parts, of which those are joined that chance may have divided: the most doubtful two first, and beside them
  /// others that have nothing to do with those, until all are told apart.
  private func joiningDoubtful(_ parts: Partition) -> Partition {
    // As many edges as would weigh as much if all weighed the same (L. Kish's effective sample size): (Σw)² / Σw².
    let edgesPerWeight = totalWeight / (weights.reduce(0) { $0 + $1 * $1 } / 2)
    var groups = parts.groups
    var sizes = parts.members().map { Double($0.count) }
    var blocks = WeightedGraph(aggregating: self, by: parts)
    while true {
      var into = (0..<Int32(blocks.vertexCount)).map(\.self)
      var isTaken = [Bool](repeating: false, count: into.count)
      for (one, other) in blocks.doubtful(sizes: sizes, edgesPerWeight: edgesPerWeight)
      where !isTaken[Int(one)] && !isTaken[Int(other)] {
        into[Int(other)] = one
        (isTaken[Int(one)], isTaken[Int(other)]) = (true, true)
      }
      if !isTaken.contains(true) { return Partition(groups: groups) }
      let joined = Partition(groups: into)
      blocks = WeightedGraph(aggregating: blocks, by: joined)
      var sum = [Double](repeating: 0, count: blocks.vertexCount)
      for (block, size) in sizes.enumerated() { sum[Int(joined.groups[block])] += size }
      sizes = sum
      for vertex in groups.indices { groups[vertex] = joined.groups[Int(groups[vertex])] }
    }
  }
}
