import Model
import Planning
import Testing

@Suite struct NPBGroupingTests {
  struct Expectation: CustomTestStringConvertible {
    var run: String
    var measure: Measure
    var outcome: Grouping.Outcome
    /// By a script that tries all divisions.
    var bestModularity: Double
    var groups: [[Int]]
    var cutShare = 0.0

    var testDescription: String { "\(run) by \(measure)" }
  }

  private static let halves = [[1, 2, 3, 4], [5, 6, 7, 8]]
  /// The lightest balanced cut of lu's two by four grid.
  private static let quarters = [[1, 2, 5, 6], [3, 4, 7, 8]]
  private static let four = [[1, 2, 3, 4]]
  private static let eight = [[1, 2, 3, 4, 5, 6, 7, 8]]

  static let expected = [
    Expectation(run: "bt.A.4", measure: .messages, outcome: .one, bestModularity: 0, groups: four),
    Expectation(run: "bt.A.4", measure: .bytes, outcome: .one, bestModularity: 0, groups: four),
    Expectation(run: "cg.A.4", measure: .messages, outcome: .one, bestModularity: 0.177342, groups: four),
    Expectation(run: "cg.A.4", measure: .bytes, outcome: .one, bestModularity: 0.167226, groups: four),
    Expectation(
      run: "cg.A.8", measure: .messages, outcome: .partition, bestModularity: 0.317463, groups: halves,
      cutShare: 0.182534),
    Expectation(
      run: "cg.A.8", measure: .bytes, outcome: .partition, bestModularity: 0.301006, groups: halves,
      cutShare: 0.198994),
    Expectation(run: "ep.A.4", measure: .messages, outcome: .negligible, bestModularity: 0, groups: []),
    Expectation(run: "ep.A.4", measure: .bytes, outcome: .negligible, bestModularity: 0, groups: []),
    Expectation(run: "ep.A.8", measure: .messages, outcome: .negligible, bestModularity: 0.062118, groups: []),
    Expectation(run: "ep.A.8", measure: .bytes, outcome: .negligible, bestModularity: 0.000543, groups: []),
    Expectation(run: "ft.A.8", measure: .messages, outcome: .one, bestModularity: 0, groups: eight),
    Expectation(run: "ft.A.8", measure: .bytes, outcome: .one, bestModularity: 0, groups: eight),
    Expectation(run: "lu.A.4", measure: .messages, outcome: .one, bestModularity: 0.000085, groups: four),
    Expectation(run: "lu.A.4", measure: .bytes, outcome: .one, bestModularity: 0.000083, groups: four),
    Expectation(
      run: "lu.A.8", measure: .messages, outcome: .partition, bestModularity: 0.272190, groups: quarters,
      cutShare: 0.227798),
    Expectation(
      run: "lu.A.8", measure: .bytes, outcome: .partition, bestModularity: 0.251331, groups: quarters,
      cutShare: 0.248668),
    Expectation(run: "mg.A.4", measure: .messages, outcome: .one, bestModularity: 0.001954, groups: four),
    Expectation(run: "mg.A.4", measure: .bytes, outcome: .one, bestModularity: 0.005134, groups: four),
    Expectation(run: "mg.A.8", measure: .messages, outcome: .one, bestModularity: 0.178076, groups: eight),
    Expectation(run: "mg.A.8", measure: .bytes, outcome: .one, bestModularity: 0.173559, groups: eight),
  ]

  @Test(arguments: expected)
  func outcome(expected: Expectation) {
    let found = communicationGroups(of: NPBRun[expected.run].matrix, measure: expected.measure)
    #expect(found.outcome == expected.outcome)
    #expect(found.members == expected.groups.map { $0.map(NPBRun.vm) })
    #expect(abs(found.bestModularity - expected.bestModularity) < 1e-6)
    #expect(abs(found.cutShare - expected.cutShare) < 1e-6)
    #expect(abs(found.modularity - (expected.outcome == .partition ? expected.bestModularity : 0)) < 1e-6)
    #expect(found.ungrouped.count == (expected.outcome == .negligible ? NPBRun[expected.run].packets.count : 0))
  }

  /// By hand: 587 packets in 2.818427 s between 8 VMs.
  @Test func packetsPerVMAndSecond() throws {
    let rate = try #require(communicationGroups(of: NPBRun["ep.A.8"].matrix).packetsPerVMAndSecond)
    #expect(abs(rate - 26.034) < 0.001)
  }
}
