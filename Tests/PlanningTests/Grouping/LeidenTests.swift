import Model
import Planning
import Testing

@Suite struct LeidenTests {
  /// Optima as proven by D. Aloise et al., *Column generation algorithms for exact modularity maximization in
  /// networks*, Phys. Rev. E 82, 046112 (2010); the weighted ones are the best of 50 runs of leidenalg 0.12 until
  /// stable.
  @Test(arguments: [
    (PublishedGraphs.karateClub, false, 0.4198), (PublishedGraphs.lesMiserables, false, 0.5600),
    (PublishedGraphs.karateClub, true, 0.4449), (PublishedGraphs.lesMiserables, true, 0.5667),
  ])
  func publishedOptima(edges: String, isWeighted: Bool, optimum: Double) {
    let graph = TrafficGraph(of: PublishedGraphs.matrix(edges, isWeighted: isWeighted), by: .messages)
    #expect(abs(graph.edges.modularity(of: graph.edges.bestPartition()) - optimum) < 5e-5)
  }

  /// The best of 50 runs of leidenalg 0.12 until stable, on the same graphs.
  @Test(arguments: [
    (1, 50, 5, 300, 0.551344), (2, 200, 10, 1500, 0.641379), (3, 500, 20, 5000, 0.664394),
    (4, 1000, 10, 4000, 0.630688),
  ])
  func asGoodAsLeidenalg(seed: Int, vms: Int, groups: Int, draws: Int, modularity: Double) {
    let matrix = randomMatrix(seed: UInt64(seed), vms: vms, groups: groups, draws: draws)
    let graph = TrafficGraph(of: matrix, by: .messages)
    #expect(graph.edges.modularity(of: graph.edges.leiden()) > modularity * 0.999)
    #expect(graph.edges.modularity(of: graph.edges.bestPartition()) > modularity * 0.9999)
  }

  /// Enumeration and search agree where both can be done.
  @Test(arguments: 1...30)
  func searchFindsTheOptimumOfSmallGraphs(seed: Int) {
    let matrix = randomMatrix(seed: UInt64(seed), vms: 9, groups: 3, draws: 25)
    let edges = TrafficGraph(of: matrix, by: .messages).edges
    let searched = (0..<8).map { edges.modularity(of: edges.leiden(seed: UInt64($0))) }.max() ?? 0
    let optimum = edges.modularity(of: edges.bestPartition())
    #expect(abs(searched - optimum) < 1e-9)
  }

  @Test func plantedGroupsAreFoundAgain() {
    let groups = 20
    let size = 25
    var numbers = SeededNumbers(seed: 7)
    var rows: [TrafficMatrix.Row] = []
    for _ in 0..<groups * size * 12 {
      let one = numbers.next(below: groups * size)
      let isInside = numbers.next(below: 10) < 8
      let other = isInside ? one / size * size + numbers.next(below: size) : numbers.next(below: groups * size)
      rows.append(
        TrafficMatrix.Row(
          source: .name("vm\(one)"), destination: .name("vm\(other)"), packets: Double(50 + numbers.next(below: 50))))
    }
    let found = communicationGroups(of: TrafficMatrix(rows: rows, hasWaits: false))
    let planted = (0..<groups).map { group in
      (group * size..<(group + 1) * size).map { Endpoint("vm\($0)") }.sorted()
    }
    #expect(found.members == planted.sorted { $0[0] < $1[0] })
  }

  @Test func theSameSeedGivesTheSameResult() {
    let edges = TrafficGraph(of: randomMatrix(seed: 5, vms: 300, groups: 10, draws: 2000), by: .messages).edges
    #expect(edges.leiden(seed: 3) == edges.leiden(seed: 3))
  }
}
