public import Model

/// Who exchanges how much with whom: the traffic matrix as an undirected graph, both directions of a pair added.
public struct TrafficGraph: Sendable {
  /// The VMs, sorted: all endpoints of the matrix that can be one machine. Vertex i of `edges` is the i-th.
  public let vertices: [Endpoint]
  /// Weights are the matrix's times a power of two, rounded to whole numbers of at least 1.
  public let edges: WeightedGraph
  /// Packets that VMs sent each other, each counted once, whatever the edges are weighed by.
  let packets: Double

  /// Takes time linear in the rows, but for sorting the endpoints. Weights that no count can be (negative, NaN) are
  /// taken as 0, those over 10²⁹⁰ as that.
  public init(of matrix: TrafficMatrix, by measure: Measure) {
    let index = EndpointIndex(of: matrix)
    let weight = { (row: TrafficMatrix.Row) in
      let weight = row.weight(by: measure)
      return weight > 0 ? min(weight, 1e290) : 0
    }
    let scale = Self.scale(ofSum: matrix.rows.reduce(0) { $0 + weight($1) })
    var arcs = Arcs(vertexCount: index.endpoints.count, capacity: matrix.rows.count)
    var packets = 0.0
    for (row, ends) in zip(matrix.rows, index.ends) where ends.source >= 0 && ends.destination >= 0 {
      packets += row.packets
      let weight = weight(row)
      if weight > 0 { arcs.append(ends.source, ends.destination, max((weight * scale).rounded(), 1)) }
    }
    vertices = index.endpoints
    self.packets = packets
    edges = WeightedGraph(adding: arcs)
  }

  /// The power of two that brings the sum of all weights to 2⁵¹ … 2⁵²: counts stay exact, and so do all sums of them.
  private static func scale(ofSum sum: Double) -> Double {
    sum > 0 ? Double(sign: .plus, exponent: Int(min(51 - sum.exponent, 1023)), significand: 1) : 1
  }

  /// What is compared with the bound on negligible traffic; nil where the window isn't known.
  func packetsPerVMAndSecond(windowSeconds: Double?) -> Double? {
    windowSeconds.map { packets / Double(max(vertices.count, 1)) / max($0, 1) }
  }

  /// A partition of the vertices, by names.
  func members(of partition: Partition) -> (members: [[Endpoint]], ungrouped: [Endpoint]) {
    let members = partition.members().map { group in group.map { vertices[Int($0)] } }
    return (members, zip(vertices, partition.groups).filter { $1 < 0 }.map(\.0))
  }
}
