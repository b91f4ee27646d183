/// Weighted arcs, several of which may lead between the same two vertices, in either direction; none from a vertex to
/// itself. Kept as columns.
struct Arcs {
  let vertexCount: Int
  private(set) var sources: [Int32] = []
  private(set) var destinations: [Int32] = []
  private(set) var weights: [Double] = []

  init(vertexCount: Int, capacity: Int) {
    self.vertexCount = vertexCount
    sources.reserveCapacity(capacity)
    destinations.reserveCapacity(capacity)
    weights.reserveCapacity(capacity)
  }

  mutating func append(_ source: Int32, _ destination: Int32, _ weight: Double) {
    sources.append(source)
    destinations.append(destination)
    weights.append(weight)
  }
}

extension WeightedGraph {
  /// The graph whose edges weigh what the arcs between their ends weigh together. Rows are sorted by neighbour.
  ///
  /// Two counting sorts, in O(vertices + arcs): arcs by the one end, then both rows of an edge by the other.
  init(adding arcs: Arcs) {
    let byFar = Self.bucketed(arcs)
    var offsets = [0]
    offsets.reserveCapacity(arcs.vertexCount + 1)
    var neighbours: [Int32] = []
    var weights: [Double] = []
    var strengths = [Double](repeating: 0, count: arcs.vertexCount)
    neighbours.reserveCapacity(byFar.ends.count)
    weights.reserveCapacity(byFar.ends.count)
    for vertex in 0..<arcs.vertexCount {
      let start = neighbours.count
      for index in byFar.offsets[vertex]..<byFar.offsets[vertex + 1] {
        strengths[vertex] += byFar.weights[index]
        if neighbours.count > start, neighbours[neighbours.count - 1] == byFar.ends[index] {
          weights[weights.count - 1] += byFar.weights[index]
        } else {
          neighbours.append(byFar.ends[index])
          weights.append(byFar.weights[index])
        }
      }
      offsets.append(neighbours.count)
    }
    self.init(
      offsets: offsets, neighbours: neighbours, weights: weights,
      loops: Array(repeating: 0, count: arcs.vertexCount), strengths: strengths,
      totalWeight: strengths.reduce(0, +) / 2)
  }

  /// Every arc in the rows of both its ends, each row sorted by the far end.
  private static func bucketed(_ arcs: Arcs) -> (offsets: [Int], ends: [Int32], weights: [Double]) {
    var offsets = [Int](repeating: 0, count: arcs.vertexCount + 1)
    for index in arcs.sources.indices {
      offsets[Int(arcs.sources[index]) + 1] += 1
      offsets[Int(arcs.destinations[index]) + 1] += 1
    }
    for vertex in 0..<arcs.vertexCount { offsets[vertex + 1] += offsets[vertex] }

    // Arcs in the order of one end, then dealt to the rows of the other: each row comes out sorted.
    var next = offsets
    var order = [(arc: Int32, isSource: Bool)](repeating: (0, false), count: 2 * arcs.sources.count)
    for index in arcs.sources.indices {
      let (source, destination) = (Int(arcs.sources[index]), Int(arcs.destinations[index]))
      order[next[source]] = (Int32(index), true)
      next[source] += 1
      order[next[destination]] = (Int32(index), false)
      next[destination] += 1
    }
    next = offsets
    var ends = [Int32](repeating: 0, count: order.count)
    var weights = [Double](repeating: 0, count: order.count)
    for vertex in 0..<arcs.vertexCount {
      for place in order[offsets[vertex]..<offsets[vertex + 1]] {
        let arc = Int(place.arc)
        let far = Int(place.isSource ? arcs.destinations[arc] : arcs.sources[arc])
        ends[next[far]] = Int32(vertex)
        weights[next[far]] = arcs.weights[arc]
        next[far] += 1
      }
    }
    return (offsets, ends, weights)
  }
}
