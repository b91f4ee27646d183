extension TrafficGraph {
  /// The grouping algorithm of the report (D. Dib, *Migration dynamique d'applications réparties virtualisées dans les
  /// fédérations d'infrastructures distribuées*, IRISA, 2010).
  ///
  /// Pairs are taken by weight, heaviest first, those of equal weight in the order of their VMs. A pair with neither VM
  /// in a group makes a new group. If one is in a group and the pair weighs at least the group's threshold, the other
  /// joins it; if not, the other makes a group of its own. A pair with both in groups changes nothing.
  ///
  /// The threshold, which the report leaves open, is `factor` times the mean weight of the pairs inside the group that
  /// exchange anything, as the group is at that moment: 0 for a group of one.
  public func reportGroups(factor: Double) -> Partition {
    var groups = [Int32](repeating: -1, count: edges.vertexCount)
    var inside: [(weight: Double, pairs: Double)] = []
    for pair in edges.pairsByWeight() {
      let (first, second) = (Int(pair.first), Int(pair.second))
      switch (groups[first], groups[second]) {
      case (-1, -1):
        (groups[first], groups[second]) = (Int32(inside.count), Int32(inside.count))
        inside.append((pair.weight, 1))
      case (-1, let group): join(first, group, by: pair.weight)
      case (let group, -1): join(second, group, by: pair.weight)
      default: break
      }
    }
    return Partition(groups: groups)

    func join(_ vertex: Int, _ group: Int32, by weight: Double) {
      // Multiplied out, so that equality is exact: weights are whole numbers.
      guard weight * inside[Int(group)].pairs >= factor * inside[Int(group)].weight else {
        groups[vertex] = Int32(inside.count)
        inside.append((0, 0))
        return
      }
      for index in edges.offsets[vertex]..<edges.offsets[vertex + 1]
      where groups[Int(edges.neighbours[index])] == group {
        inside[Int(group)].weight += edges.weights[index]
        inside[Int(group)].pairs += 1
      }
      groups[vertex] = group
    }
  }
}

extension WeightedGraph {
  /// Every edge once, `first` < `second`, heaviest first, edges of equal weight in the order of their vertices.
  fileprivate func pairsByWeight() -> [(weight: Double, first: Int32, second: Int32)] {
    var pairs: [(weight: Double, first: Int32, second: Int32)] = []
    pairs.reserveCapacity(edgeCount)
    for vertex in 0..<vertexCount {
      for index in offsets[vertex]..<offsets[vertex + 1] where neighbours[index] > vertex {
        pairs.append((weights[index], Int32(vertex), neighbours[index]))
      }
    }
    return pairs.sorted { ($1.weight, $0.first, $0.second) < ($0.weight, $1.first, $1.second) }
  }
}
