import Model
import Planning
import Testing

@Suite struct GroupingOutcomeTests {
  private func matrix(_ pairs: [(String, String, Double)], windowSeconds: Double? = nil) -> TrafficMatrix {
    let rows = pairs.map {
      TrafficMatrix.Row(source: Endpoint($0), destination: Endpoint($1), packets: $2, ipBytes: $2 * 100)
    }
    return TrafficMatrix(rows: rows, hasWaits: false, windowSeconds: windowSeconds)
  }

  /// 1,000 packets between 2 VMs are 50 per VM and second in 10 s.
  @Test func theBoundOnTrafficIsNotNegligibleItself() {
    let pairs = [("a", "b", 600.0), ("b", "a", 400)]
    #expect(communicationGroups(of: matrix(pairs, windowSeconds: 10)).outcome == .one)
    #expect(communicationGroups(of: matrix(pairs, windowSeconds: 10.01)).outcome == .negligible)
    #expect(communicationGroups(of: matrix(pairs)).outcome == .one)
    let bounds = Grouping.Bounds(packetsPerVMAndSecond: 49)
    #expect(communicationGroups(of: matrix(pairs, windowSeconds: 10.01), bounds: bounds).outcome == .one)
  }

  @Test func windowsUnderASecondCountAsOne() {
    let pairs = [("a", "b", 99.0)]
    #expect(communicationGroups(of: matrix(pairs, windowSeconds: 0)).outcome == .negligible)
    #expect(communicationGroups(of: matrix([("a", "b", 100)], windowSeconds: 0)).outcome == .one)
  }

  /// Packets decide, whatever the groups are found by.
  @Test func trafficIsCountedInPackets() {
    let found = communicationGroups(of: matrix([("a", "b", 99)], windowSeconds: 1), measure: .bytes)
    #expect(found.outcome == .negligible)
    #expect(found.ungrouped == ["a", "b"].map(Endpoint.init))
  }

  /// Two pairs that don't talk to each other: modularity ½.
  @Test func theBoundOnModularityIsADivisionItself() {
    let pairs = matrix([("a", "b", 7), ("c", "d", 7)])
    let found = communicationGroups(of: pairs, bounds: Grouping.Bounds(modularity: 0.5))
    #expect(found.outcome == .partition)
    #expect(found.members == [["a", "b"].map(Endpoint.init), ["c", "d"].map(Endpoint.init)])
    #expect(found.modularity == 0.5)
    let one = communicationGroups(of: pairs, bounds: Grouping.Bounds(modularity: 0.51))
    #expect(one.outcome == .one)
    #expect(one.members == [["a", "b", "c", "d"].map(Endpoint.init)])
    #expect(one.bestModularity == 0.5)
    #expect(one.modularity == 0)
  }

  @Test func theReportKnowsNoBounds() {
    let found = communicationGroups(of: NPBRun["ep.A.8"].matrix, method: .report)
    #expect(found.outcome == .negligible)
    #expect(found.members == [(1...8).map(NPBRun.vm)])
    #expect(communicationGroups(of: NPBRun["mg.A.8"].matrix, method: .report).outcome == .partition)
    #expect(communicationGroups(of: NPBRun["lu.A.4"].matrix, method: .report).outcome == .one)
  }

  @Test(arguments: Grouping.Method.allCases)
  func nothingIsExchanged(method: Grouping.Method) {
    for pairs in [[], [("a", "b", 0.0), ("c", "a", 0)]] {
      let found = communicationGroups(of: matrix(pairs), method: method)
      #expect(found.outcome == .negligible)
      #expect(found.members.isEmpty)
      #expect(found.ungrouped.count == pairs.count / 2 * 3)
      #expect(found.modularity == 0 && found.cutShare == 0)
    }
  }

  @Test func whatIsNoMachineIsInNoGroup() {
    let pairs = [
      ("10.0.0.1", "10.0.0.2", 5.0), ("10.0.0.1", "224.0.0.251", 500), ("10.0.0.2", "255.255.255.255", 500),
      ("0.0.0.0", "10.0.0.2", 500), ("fe80::1", "ff02::fb", 500), ("::", "fe80::1", 1),
    ]
    let found = communicationGroups(
      of: matrix(pairs, windowSeconds: 1), bounds: Grouping.Bounds(packetsPerVMAndSecond: 1))
    #expect(found.members == [["10.0.0.1", "10.0.0.2"].map(Endpoint.init)])
    #expect(found.ungrouped == [Endpoint("fe80::1")])
    #expect(found.packetsPerVMAndSecond == 5.0 / 3)
  }

  @Test(arguments: Grouping.Method.allCases, Measure.allCases)
  func figuresOfAnySize(method: Grouping.Method, measure: Measure) {
    let values: [Double] = [1e308, 1e308, .infinity, .nan, -5, .leastNonzeroMagnitude, 1, 3e-300, 1e15]
    let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"]
    var pairs: [(String, String, Double)] = []
    for (place, name) in names.enumerated() {
      for (step, other) in names[..<place].enumerated() { pairs.append((name, other, values[(place * step) % 9])) }
    }
    for factor in [0.5, .nan, .infinity, -1] {
      let found = communicationGroups(
        of: matrix(pairs, windowSeconds: .nan), method: method, measure: measure, factor: factor)
      #expect((found.members.flatMap { $0 } + found.ungrouped).sorted() == names.map(Endpoint.init))
      #expect((-0.5...1).contains(found.modularity) && (0...1).contains(found.cutShare))
    }
  }
}
