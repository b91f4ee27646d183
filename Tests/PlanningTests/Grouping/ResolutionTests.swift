import Model
import Planning
import Testing

/// Groups so small that modularity joins them.
@Suite struct ResolutionTests {
  /// The example of S. Fortunato and M. Barthélemy, PNAS 104, 36 (2007): cliques in a ring, an edge between neighbours.
  /// Modularity takes two for one group where there are more than m·(m − 1) + 2 cliques of m: 32 of six.
  @Test func ringOfCliques() {
    let matrix = Self.ring(cliques: 72, of: 6)
    let merged = TrafficGraph(of: matrix, by: .messages).edges.bestPartition()
    #expect(merged.count < 50)
    let found = communicationGroups(of: matrix)
    #expect(Set(found.members.map(Set.init)) == Set((0..<72).map { Self.members($0, of: 6) }))
    // A clique of six has 15 edges, and half of two more: 1 − 1/16 of all edges inside, 1/72 of all ends each.
    #expect(abs(found.modularity - (15.0 / 16 - 1.0 / 72)) < 1e-12)
    #expect(found.bestModularity > found.modularity)
    #expect(abs(found.cutShare - 1.0 / 16) < 1e-12)
  }

  /// Two cliques of five have no edges enough to be sure.
  @Test func tooSmallToTellApart() {
    let graph = TrafficGraph(of: Self.ring(cliques: 72, of: 5), by: .messages).edges
    let merged = graph.bestPartition()
    #expect(merged.count < 72)
    #expect(graph.resolved(merged) == merged)
  }

  @Test(arguments: [1, 2, 3])
  func plantedGroupsInALargeGraph(seed: UInt64) {
    let groups = 150
    let matrix = Self.planted(groups: groups, of: 20, seed: seed)
    let graph = TrafficGraph(of: matrix, by: .messages).edges
    #expect(graph.bestPartition().count < groups * 2 / 3)
    let found = communicationGroups(of: matrix)
    #expect(Set(found.members.map(Set.init)) == Set((0..<groups).map { Self.members($0, of: 20) }))
  }

  /// What modularity finds in a graph without groups is no worse in parts than as a whole.
  @Test(arguments: [(100, 200, 1), (100, 500, 100), (1000, 1500, 1), (1000, 5000, 100)])
  func groupsByChanceStayWhole(vms: Int, pairs: Int, heaviest: Int) {
    let matrix = randomMatrix(seed: 9, vms: vms, groups: 1, draws: pairs, heaviest: heaviest)
    let graph = TrafficGraph(of: matrix, by: .messages).edges
    let best = graph.bestPartition()
    #expect(graph.resolved(best) == best)
  }

  @Test func oneGroupThatIsOneStaysWhole() {
    let graph = TrafficGraph(of: PublishedGraphs.matrix(PublishedGraphs.karateClub, isWeighted: true), by: .messages)
    let best = graph.edges.bestPartition()
    #expect(graph.edges.resolved(best) == best)
  }

  /// Vertices in no group stay in none.
  @Test func whoIsInNoGroup() {
    let matrix = Self.ring(cliques: 2, of: 8)
    let graph = TrafficGraph(of: matrix, by: .messages)
    let without = graph.vertices.map { $0 == Endpoint("vm0") ? Int32(-1) : 0 }
    let found = graph.edges.resolved(Partition(groups: without))
    #expect(found.groups.count(where: { $0 < 0 }) == 1)
    #expect(found.count == 2)
  }

  private static func members(_ group: Int, of size: Int) -> Set<Endpoint> {
    Set((group * size..<(group + 1) * size).map { Endpoint("vm\($0)") })
  }

  private static func row(_ one: Int, _ other: Int) -> TrafficMatrix.Row {
    TrafficMatrix.Row(source: .name("vm\(one)"), destination: .name("vm\(other)"), packets: 100)
  }

  private static func ring(cliques: Int, of size: Int) -> TrafficMatrix {
    var rows: [TrafficMatrix.Row] = []
    for clique in 0..<cliques {
      for one in 0..<size { for other in 0..<one { rows.append(row(clique * size + one, clique * size + other)) } }
      rows.append(row(clique * size, (clique + 1) % cliques * size + 1))
    }
    return TrafficMatrix(rows: rows, hasWaits: false)
  }

  /// Each VM draws six of its group and four of all.
  private static func planted(groups: Int, of size: Int, seed: UInt64) -> TrafficMatrix {
    var numbers = SeededNumbers(seed: seed)
    var rows: [TrafficMatrix.Row] = []
    for vm in 0..<groups * size {
      for draw in 0..<10 {
        let other = draw < 6 ? vm / size * size + numbers.next(below: size) : numbers.next(below: groups * size)
        if other != vm { rows.append(row(vm, other)) }
      }
    }
    return TrafficMatrix(rows: rows, hasWaits: false)
  }
}
