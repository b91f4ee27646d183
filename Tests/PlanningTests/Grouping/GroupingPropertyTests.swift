import Model
import Planning
import Testing

@Suite struct GroupingPropertyTests {
  struct Case: CustomTestStringConvertible {
    var seed: Int
    var method: Grouping.Method
    var vms: Int
    var draws: Int
    var testDescription: String { "\(method), \(vms) VMs, seed \(seed)" }
    var matrix: TrafficMatrix { randomMatrix(seed: UInt64(seed), vms: vms, groups: 4, draws: draws) }
  }

  static let cases = (1...6).flatMap { seed in
    Grouping.Method.allCases.flatMap { method in
      [(8, 12), (20, 30), (60, 200)].map { Case(seed: seed, method: method, vms: $0, draws: $1) }
    }
  }

  @Test(arguments: cases)
  func groupsPartitionTheVMsAndFiguresAreTheirs(of one: Case) {
    let matrix = one.matrix
    let found = communicationGroups(of: matrix, method: one.method, bounds: Grouping.Bounds(modularity: -1))
    #expect((found.members.flatMap { $0 } + found.ungrouped).sorted() == matrix.endpoints)
    for members in found.members { #expect(members == members.sorted() && !members.isEmpty) }
    #expect(found.members.map { $0[0] } == found.members.map { $0[0] }.sorted())

    var groupOf: [Endpoint: Int] = [:]
    for (group, members) in found.members.enumerated() {
      for member in members { groupOf[member] = group }
    }
    #expect(abs(found.modularity - modularityByDefinition(of: matrix, groupOf: groupOf)) < 1e-12)
    let total = matrix.rows.reduce(0) { $0 + $1.packets }
    let cut = matrix.rows.filter { groupOf[$0.source] != groupOf[$0.destination] }.reduce(0) { $0 + $1.packets }
    #expect(abs(found.cutShare - cut / total) < 1e-12)
  }

  /// The guarantee that gave Leiden its name over Louvain.
  @Test(arguments: 1...20)
  func everyCommunityIsConnected(seed: Int) {
    // Sparse: many communities that a move could tear.
    let matrix = randomMatrix(seed: UInt64(seed), vms: 400, groups: 40, draws: 600)
    let found = communicationGroups(of: matrix, bounds: Grouping.Bounds(modularity: -1))
    var neighbours: [Endpoint: Set<Endpoint>] = [:]
    for row in matrix.rows {
      neighbours[row.source, default: []].insert(row.destination)
      neighbours[row.destination, default: []].insert(row.source)
    }
    for members in found.members {
      var left = Set(members)
      var open = [left.removeFirst()]
      while let vm = open.popLast() {
        for neighbour in neighbours[vm, default: []] where left.remove(neighbour) != nil { open.append(neighbour) }
      }
      #expect(left.isEmpty)
    }
  }

  /// Random weights make the optimum, and the report's order, the only one.
  @Test(arguments: 1...10, Grouping.Method.allCases)
  func otherNamesGiveTheSameGroups(seed: Int, method: Grouping.Method) {
    let vms = 10
    let names = (0..<vms).map { "vm\($0)" }
    let renamed = (0..<vms).map { "host-\(($0 * 7 + seed) % vms)" }
    func groups(_ names: [String]) -> Set<Set<Int>> {
      let matrix = randomMatrix(seed: UInt64(seed), vms: vms, groups: 2, draws: 40, heaviest: 1_000_000, names: names)
      let found = communicationGroups(of: matrix, method: method, bounds: Grouping.Bounds(modularity: 0))
      return Set(found.members.map { Set($0.compactMap { names.firstIndex(of: $0.description) }) })
    }
    #expect(groups(names) == groups(renamed))
  }

  /// Ten times the traffic is the same picture.
  @Test(arguments: Grouping.Method.allCases)
  func onlySharesMatter(method: Grouping.Method) {
    let matrix = randomMatrix(seed: 11, vms: 100, groups: 5, draws: 600)
    let more = TrafficMatrix(
      rows: matrix.rows.map { row in
        var row = row
        row.packets *= 10
        return row
      }, hasWaits: false)
    let (one, ten) = (communicationGroups(of: matrix, method: method), communicationGroups(of: more, method: method))
    #expect(one.members == ten.members)
    #expect(abs(one.modularity - ten.modularity) < 1e-12)
  }
}
