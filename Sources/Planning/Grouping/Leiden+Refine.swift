extension Leiden {
  /// Divides each community into parts that hang together well: starting from single vertices, each vertex that is still
  /// alone and well connected to its community joins the well-connected part with which modularity gains most, if
  /// joining doesn't lower it. (A set is well connected if at least as much weight leads from it to the rest of its
  /// community as random chance would have it: the paper's γ-connectivity, γ = 1.)
  mutating func refine(_ communities: [Int32], of graph: WeightedGraph) -> [Int32] {
    let count = graph.vertexCount
    var strength = [Double](repeating: 0, count: count)
    for (vertex, community) in communities.enumerated() { strength[Int(community)] += graph.strengths[vertex] }
    var parts = [Int32](0..<Int32(count))
    var partStrength = graph.strengths
    var isAlone = [Bool](repeating: true, count: count)
    // Weight that leads from a part to the rest of its community.
    var outward = [Double](repeating: 0, count: count)
    for vertex in 0..<count {
      for index in graph.offsets[vertex]..<graph.offsets[vertex + 1]
      where communities[Int(graph.neighbours[index])] == communities[vertex] {
        outward[vertex] += graph.weights[index]
      }
    }
    let scale = graph.totalWeight > 0 ? 1 / (2 * graph.totalWeight) : 0
    let isWellConnected = { (outward: Double, part: Double, community: Double) in
      outward >= part * scale * (community - part)
    }
    var near = Neighbourhood(count: count)

    for vertex in random.permutation(of: count).map(Int.init) where isAlone[vertex] {
      let community = communities[vertex]
      let whole = strength[Int(community)]
      let weight = graph.strengths[vertex]
      guard outward[vertex] > 0, isWellConnected(outward[vertex], weight, whole) else { continue }
      for index in graph.offsets[vertex]..<graph.offsets[vertex + 1]
      where communities[Int(graph.neighbours[index])] == community {
        near.add(graph.weights[index], to: parts[Int(graph.neighbours[index])])
      }
      var best: (part: Int32, gain: Double, weight: Double)?
      near.visit { part, toward in
        let gain = toward - weight * scale * partStrength[Int(part)]
        if gain >= max(0, best?.gain ?? 0), isWellConnected(outward[Int(part)], partStrength[Int(part)], whole),
          best == nil || gain > best?.gain ?? 0
        {
          best = (part, gain, toward)
        }
      }
      near.clear()
      guard let best else { continue }
      let part = Int(best.part)
      partStrength[part] += weight
      outward[part] += outward[vertex] - 2 * best.weight
      isAlone[part] = false
      isAlone[vertex] = false
      parts[vertex] = best.part
    }
    return parts
  }
}
