import Model
import Planning
import Testing

@Suite struct ReportGroupingTests {
  /// Groups by a script that keeps sets of VMs, adds up each mean anew and compares fractions.
  static let expected: [(run: String, measure: Measure, factor: Double, groups: String)] = [
    ("bt.A.4", .messages, 0.0, "13 24"),
    ("bt.A.4", .messages, 0.5, "13 24"),
    ("bt.A.4", .messages, 1.0, "13 24"),
    ("bt.A.4", .bytes, 0.0, "1234"),
    ("bt.A.4", .bytes, 0.5, "1234"),
    ("bt.A.4", .bytes, 1.0, "1 23 4"),
    ("cg.A.4", .messages, 0.0, "12 34"),
    ("cg.A.4", .messages, 0.5, "12 34"),
    ("cg.A.4", .messages, 1.0, "12 34"),
    ("cg.A.4", .bytes, 0.0, "12 34"),
    ("cg.A.4", .bytes, 0.5, "12 34"),
    ("cg.A.4", .bytes, 1.0, "12 34"),
    ("cg.A.8", .messages, 0.0, "13 24 5678"),
    ("cg.A.8", .messages, 0.5, "13 24 5678"),
    ("cg.A.8", .messages, 1.0, "13 24 57 6 8"),
    ("cg.A.8", .bytes, 0.0, "1234 5678"),
    ("cg.A.8", .bytes, 0.5, "1234 5678"),
    ("cg.A.8", .bytes, 1.0, "13 24 56 78"),
    ("ep.A.4", .messages, 0.0, "1234"),
    ("ep.A.4", .messages, 0.5, "1234"),
    ("ep.A.4", .messages, 1.0, "123 4"),
    ("ep.A.4", .bytes, 0.0, "1234"),
    ("ep.A.4", .bytes, 0.5, "1234"),
    ("ep.A.4", .bytes, 1.0, "12 3 4"),
    ("ep.A.8", .messages, 0.0, "12345678"),
    ("ep.A.8", .messages, 0.5, "12345678"),
    ("ep.A.8", .messages, 1.0, "13 26 4 5 7 8"),
    ("ep.A.8", .bytes, 0.0, "12345678"),
    ("ep.A.8", .bytes, 0.5, "12345678"),
    ("ep.A.8", .bytes, 1.0, "12 3 4 5 6 7 8"),
    ("ft.A.8", .messages, 0.0, "1257 3468"),
    ("ft.A.8", .messages, 0.5, "1257 3468"),
    ("ft.A.8", .messages, 1.0, "1 25 36 4 7 8"),
    ("ft.A.8", .bytes, 0.0, "13 245 678"),
    ("ft.A.8", .bytes, 0.5, "13 245 678"),
    ("ft.A.8", .bytes, 1.0, "13 24 5 68 7"),
    ("lu.A.4", .messages, 0.0, "1234"),
    ("lu.A.4", .messages, 0.5, "1234"),
    ("lu.A.4", .messages, 1.0, "13 2 4"),
    ("lu.A.4", .bytes, 0.0, "1234"),
    ("lu.A.4", .bytes, 0.5, "1234"),
    ("lu.A.4", .bytes, 1.0, "12 34"),
    ("lu.A.8", .messages, 0.0, "1234 56 78"),
    ("lu.A.8", .messages, 0.5, "1234 56 78"),
    ("lu.A.8", .messages, 1.0, "12 34 56 78"),
    ("lu.A.8", .bytes, 0.0, "1234 5678"),
    ("lu.A.8", .bytes, 0.5, "1234 5678"),
    ("lu.A.8", .bytes, 1.0, "12 34 56 78"),
    ("mg.A.4", .messages, 0.0, "1234"),
    ("mg.A.4", .messages, 0.5, "1234"),
    ("mg.A.4", .messages, 1.0, "12 34"),
    ("mg.A.4", .bytes, 0.0, "13 24"),
    ("mg.A.4", .bytes, 0.5, "13 24"),
    ("mg.A.4", .bytes, 1.0, "13 24"),
    ("mg.A.8", .messages, 0.0, "1256 3478"),
    ("mg.A.8", .messages, 0.5, "1256 3478"),
    ("mg.A.8", .messages, 1.0, "12 37 48 5 6"),
    ("mg.A.8", .bytes, 0.0, "15 26 37 48"),
    ("mg.A.8", .bytes, 0.5, "15 26 37 48"),
    ("mg.A.8", .bytes, 1.0, "15 26 37 48"),
  ]

  @Test(arguments: expected)
  func runs(run: String, measure: Measure, factor: Double, groups: String) {
    let found = communicationGroups(of: NPBRun[run].matrix, method: .report, measure: measure, factor: factor)
    #expect(found.members == groups.split(separator: " ").map { $0.map { Endpoint("10.77.0.\($0)") } })
    #expect(found.ungrouped.isEmpty)
  }

  private func groups(_ pairs: [(String, String, Double)], factor: Double = 0.5) -> [[String]] {
    let rows = pairs.map { TrafficMatrix.Row(source: Endpoint($0), destination: Endpoint($1), packets: $2) }
    let matrix = TrafficMatrix(rows: rows, hasWaits: false)
    return communicationGroups(of: matrix, method: .report, factor: factor).members.map { $0.map(\.description) }
  }

  @Test func equalityJoinsAndLessDoesNot() {
    #expect(groups([("a", "b", 100), ("b", "c", 50)]) == [["a", "b", "c"]])
    #expect(groups([("a", "b", 100), ("b", "c", 49)]) == [["a", "b"], ["c"]])
    // Both directions add up.
    #expect(groups([("a", "b", 100), ("b", "c", 25), ("c", "b", 25)]) == [["a", "b", "c"]])
  }

  @Test func theMeanIsOverThePairsInsideAsTheGroupGrows() {
    // c joins a and b (60 ≥ 50): pairs 100, 60 and 20 inside, mean 60, so d needs 30.
    #expect(groups([("a", "b", 100), ("b", "c", 60), ("a", "c", 20), ("c", "d", 30)]) == [["a", "b", "c", "d"]])
    #expect(groups([("a", "b", 100), ("b", "c", 60), ("a", "c", 20), ("c", "d", 29)]) == [["a", "b", "c"], ["d"]])
  }

  @Test func aGroupOfOneTakesAnyAndGroupsNeverMerge() {
    #expect(groups([("a", "b", 100), ("b", "c", 10), ("c", "d", 1)]) == [["a", "b"], ["c", "d"]])
    #expect(groups([("a", "b", 100), ("c", "d", 100), ("b", "c", 99)]) == [["a", "b"], ["c", "d"]])
  }

  @Test func tiesAreTakenInTheOrderOfNames() {
    #expect(groups([("b", "c", 5), ("a", "b", 5)], factor: 2) == [["a", "b"], ["c"]])
    // Addresses by number, before names; x joins the group of one that 10.0.0.10 has made by then.
    let pairs = [("10.0.0.10", "10.0.0.2", 5.0), ("10.0.0.2", "10.0.0.1", 5), ("x", "10.0.0.10", 5)]
    #expect(groups(pairs, factor: 2) == [["10.0.0.1", "10.0.0.2"], ["10.0.0.10", "x"]])
  }

  @Test func silentVMsAreInNoGroup() {
    let rows = [("a", "b", 3.0), ("c", "a", 0)]
      .map { TrafficMatrix.Row(source: Endpoint($0), destination: Endpoint($1), packets: $2) }
    let found = communicationGroups(of: TrafficMatrix(rows: rows, hasWaits: false), method: .report)
    #expect(found.members == [["a", "b"].map(Endpoint.init)])
    #expect(found.ungrouped == [Endpoint("c")])
  }
}
