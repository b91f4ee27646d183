extension WeightedGraph {
  /// The graph whose vertices are the groups of a partition that leaves no vertex out: an edge weighs what all edges
  /// between two groups weigh together, a loop what all inside a group do.
  init(aggregating graph: WeightedGraph, by partition: Partition) {
    let (starts, vertices) = partition.vertices()
    var offsets = [0]
    var neighbours: [Int32] = []
    var weights: [Double] = []
    var loops = [Double](repeating: 0, count: partition.count)
    var strengths = loops
    var near = Neighbourhood(count: partition.count)
    for group in 0..<partition.count {
      for vertex in vertices[starts[group]..<starts[group + 1]].lazy.map(Int.init) {
        loops[group] += graph.loops[vertex]
        strengths[group] += graph.strengths[vertex]
        for index in graph.offsets[vertex]..<graph.offsets[vertex + 1] {
          near.add(graph.weights[index], to: partition.groups[Int(graph.neighbours[index])])
        }
      }
      near.visit { other, weight in
        if other == group {
          loops[group] += weight / 2
        } else {
          neighbours.append(other)
          weights.append(weight)
        }
      }
      near.clear()
      offsets.append(neighbours.count)
    }
    self.init(
      offsets: offsets, neighbours: neighbours, weights: weights, loops: loops, strengths: strengths,
      totalWeight: graph.totalWeight)
  }

  /// The edges inside communities. Strengths and total weight stay those of the whole graph, and with them what moves
  /// gain.
  func inside(_ communities: [Int32]) -> WeightedGraph {
    var offsets = [0]
    var neighbours: [Int32] = []
    var weights: [Double] = []
    for vertex in 0..<vertexCount {
      for index in self.offsets[vertex]..<self.offsets[vertex + 1]
      where communities[Int(self.neighbours[index])] == communities[vertex] {
        neighbours.append(self.neighbours[index])
        weights.append(self.weights[index])
      }
      offsets.append(neighbours.count)
    }
    return WeightedGraph(
      offsets: offsets, neighbours: neighbours, weights: weights, loops: loops, strengths: strengths,
      totalWeight: totalWeight)
  }

  /// The communities with each connected part of one as a community of its own, which never lowers modularity. Leiden's
  /// communities are connected already, but for what a last move may have torn.
  func connectedParts(of communities: [Int32]) -> [Int32] {
    var parts = [Int32](repeating: -1, count: vertexCount)
    var count: Int32 = 0
    var found: [Int] = []
    for start in 0..<vertexCount where parts[start] < 0 {
      parts[start] = count
      found.append(start)
      while let vertex = found.popLast() {
        for index in offsets[vertex]..<offsets[vertex + 1] {
          let neighbour = Int(neighbours[index])
          if parts[neighbour] < 0, communities[neighbour] == communities[vertex] {
            parts[neighbour] = count
            found.append(neighbour)
          }
        }
      }
      count += 1
    }
    return parts
  }
}

extension Partition {
  /// The vertices of each group: those of group g are `vertices[starts[g] ..< starts[g + 1]]`. For a partition that
  /// leaves no vertex out.
  fileprivate func vertices() -> (starts: [Int], vertices: [Int32]) {
    var starts = [Int](repeating: 0, count: count + 1)
    for group in groups { starts[Int(group) + 1] += 1 }
    for group in 0..<count { starts[group + 1] += starts[group] }
    var next = starts
    var vertices = [Int32](repeating: 0, count: groups.count)
    for (vertex, group) in groups.enumerated() {
      vertices[next[Int(group)]] = Int32(vertex)
      next[Int(group)] += 1
    }
    return (starts, vertices)
  }
}
