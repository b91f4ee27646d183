import Foundation

extension WeightedGraph {
  /// Neighbours that it saves nothing to tell apart, where each vertex stands for a number of vertices; those first
  /// that it costs most.
  func doubtful(sizes: [Double], edgesPerWeight: Double) -> [(Int32, Int32)] {
    var found: [(saving: Double, one: Int32, other: Int32)] = []
    for one in 0..<vertexCount {
      for index in offsets[one]..<offsets[one + 1] where neighbours[index] > one {
        let other = Int(neighbours[index])
        let saving = Self.saving(
          inside: (edgesPerWeight * loops[one], edgesPerWeight * loops[other]),
          across: edgesPerWeight * weights[index], sizes: (sizes[one], sizes[other]))
        if saving <= 0 { found.append((saving, Int32(one), neighbours[index])) }
      }
    }
    return found.sorted { $0 < $1 }.map { ($0.one, $0.other) }
  }

  /// How many nats fewer it takes to say which edges two parts have if the parts are told, less what it takes to tell
  /// them: who is in which, and how many edges run inside the one, inside the other and across.
  ///
  /// That is the description length of the degree-corrected block model (B. Karrer and M. Newman, Phys. Rev. E 83,
  /// 016107, 2011; T. Peixoto, Phys. Rev. Lett. 110, 148701, 2013). The best division of a graph without groups is also
  /// a good one, but not good enough to pay for itself.
  private static func saving(inside: (Double, Double), across: Double, sizes: (Double, Double)) -> Double {
    let edges = inside.0 + inside.1 + across
    let ends = (2 * inside.0 + across, 2 * inside.1 + across)
    let gain = { (count: Double, expected: Double) in count > 0 ? count * log(count / expected) : 0 }
    let edgesTold =
      gain(inside.0, ends.0 * ends.0 / (4 * edges)) + gain(inside.1, ends.1 * ends.1 / (4 * edges))
      + gain(across, ends.0 * ends.1 / (2 * edges))
    let all = sizes.0 + sizes.1
    // Sizes of the parts, then members; three numbers that add up to that of the edges.
    let partsTold = log(all - 1) + logFactorial(all) - logFactorial(sizes.0) - logFactorial(sizes.1)
    return edgesTold - partsTold - log((edges + 1) * (edges + 2) / 2)
  }

  /// Stirling's series: within 0.003 of ln n! from 1 on.
  private static func logFactorial(_ number: Double) -> Double {
    number * log(number) - number + log(2 * .pi * number) / 2 + 1 / (12 * number)
  }
}
