import Model
import Planning
import Testing

/// Minimum cuts against every cut, and what they make of a border against every other way to share it out.
@Suite struct BorderCutTests {
  @Test(arguments: 0..<100) func flowsLeaveMinimumCuts(seed: Int) {
    let network = RandomNetwork(seed)
    var flow = MaximumFlow(terminal: network.terminal)
    for (first, second, capacity) in network.joints { flow.join(first, second, capacity: capacity) }
    let isDone = flow.run()
    #expect(isDone)
    let cuts = network.cuts
    let least = cuts.map(\.capacity).min() ?? 0
    let minimum = cuts.filter { $0.capacity == least }.map(\.side)
    // On the source's side of every minimum cut; on the sink's side of every one.
    #expect(flow.sourceSide == network.nodes.map { node in minimum.allSatisfy { $0[node] } })
    #expect(flow.sinkSide == network.nodes.map { node in minimum.allSatisfy { !$0[node] } })
    var side = flow.sourceSide
    for node in network.nodes where !side[node] && !flow.sinkSide[node] {
      let before = side
      let joining = flow.joining(Int32(node), &side)
      #expect(minimum.contains(side))
      #expect(Set(joining) == Set(network.nodes.filter { side[$0] && !before[$0] }.map { Int32($0) }))
    }
  }

  @Test(arguments: 0..<100, [Objective.cost, .time]) func bordersAreSharedOutAtTheLeastCost(
    seed: Int, objective: Objective
  ) throws {
    var question = RandomQuestion(seed: seed, vms: 9, limited: false)
    question.application.objective = objective
    let instance = try question.instance()
    var random = FixedRandom(seed)
    let start = instance.vms.indices.map { vm in
      vm < 7 ? vm % 2 : Int.random(in: instance.hosts.indices, using: &random)
    }
    let problem = SearchProblem(instance)
    var around = SearchState(problem, start)
    let linear = Linearisation(problem, objective == .cost ? .cost : .seconds, around: &around, evenShare: 0.5)
    var state = QuadraticState(linear.overHosts(), start)
    let cut = BorderCut(state, 0, 1, share: random.pick([0.5, 2]))
    var least = Double.infinity
    for choice in 0..<(1 << cut.region.count) {
      var other = state
      for (bit, item) in cut.region.enumerated() { other.move(Int(item), to: choice >> bit & 1) }
      least = min(least, other.cost)
    }
    var numbers = SplitMix64(seed: UInt64(seed))
    let isMoved = cut.apply(to: &state, random: &numbers)
    #expect(isMoved == (state.placeOf != start))
    // Infinite where one of the others is at a host that can't hold it.
    if cut.region.count > 1, least < .infinity { #expect(abs(state.cost - least) <= 1e-9 * max(1, abs(least))) }
    #expect(state.placeOf.indices.allSatisfy { cut.region.contains(Int32($0)) || state.placeOf[$0] == start[$0] })
  }

  /// Twenty VMs in a row, 5 on the one site and 15 on the other, with room for 10 each: each cut of a row costs the
  /// same, and the one between the 10th and the 11th leaves nothing overfull.
  @Test(arguments: 0..<20) func ofEqualCutsItTakesOneWithRoom(seed: UInt64) throws {
    let vms = (0..<20).map { VM(name: "vm\($0)") }
    let traffic = (1..<20).map {
      TrafficMatrix.Row(source: .name("vm\($0 - 1)"), destination: .name("vm\($0)"), ipBytes: 1e9)
    }
    let hosts = ["a", "b"].map { Host(name: $0, vcpus: 10) }
    let instance = try PlacementInstance(
      federation: Federation(
        sites: hosts.map { Site(name: $0.name, hosts: [$0]) }, egress: Egress(betweenSites: 0.1)),
      application: Application(name: "row", objective: .cost, coupling: .independent, vms: vms),
      traffic: TrafficMatrix(rows: traffic, hasWaits: false), windowSeconds: 10, now: RandomQuestion.now, task: .place)
    let start = vms.indices.map { $0 < 5 ? 0 : 1 }
    let problem = SearchProblem(instance)
    var around = SearchState(problem, start)
    var state = QuadraticState(Linearisation(problem, .cost, around: &around, evenShare: 0.5).overHosts(), start)
    let before = state.cost
    var numbers = SplitMix64(seed: seed)
    #expect(state.overload == 5)
    _ = BorderCut(state, 0, 1, share: 0.8).apply(to: &state, random: &numbers)
    #expect(state.placeOf == vms.indices.map { $0 < 10 ? 0 : 1 })
    #expect(abs(state.cost - before) <= 1e-9 * before)
  }
}

/// A network of ten nodes with capacities of small whole numbers, so that there are many minimum cuts.
private struct RandomNetwork {
  let nodes = 0..<10
  var terminal: [Double] = []
  var joints: [(Int, Int, Double)] = []

  init(_ seed: Int) {
    var random = FixedRandom(seed)
    terminal = nodes.map { _ in random.pick([0, 0, 0, 1, 2, -1, -3]) }
    for first in nodes {
      for second in nodes where second > first && random.chance(0.3) {
        joints.append((first, second, random.pick([1, 1, 2])))
      }
    }
  }

  /// Every cut: who is on the source's side, and what crosses.
  var cuts: [(side: [Bool], capacity: Double)] {
    (0..<(1 << nodes.count)).map { choice in
      let side = nodes.map { choice >> $0 & 1 == 1 }
      let ends = nodes.reduce(0.0) { $0 + (side[$1] ? max(0, -terminal[$1]) : max(0, terminal[$1])) }
      return (side, joints.reduce(ends) { side[$1.0] != side[$1.1] ? $0 + $1.2 : $0 })
    }
  }
}
