import Model

/// The best placement with proof, by branch and bound: one pass per criterion of the objective, then the fewest moves
/// and the first names.
struct ExactSearch {
  let instance: PlacementInstance
  let problem: SearchProblem
  let floors: PairFloors
  let isOver: (_ nodes: Int) -> Bool

  struct Result {
    var placement: [Int]?
    /// Whether all criteria were searched to the end.
    var isProven: Bool
  }

  /// - Parameter start: a feasible placement, if one is known; the result is never worse.
  func run(from start: [Int]?) -> Result {
    var placement = start
    var goal = Goal(measure: .cost)
    var spent = 0
    for (pass, measure) in Goal.measures(of: instance.objective).enumerated() {
      if pass == 0 { goal.measure = measure }
      let known = placement.map { value(of: $0, measure) }
      var search = BranchAndBound(
        problem, goal: goal, order: trafficOrder, hostRanks: instance.hostRanks, floors: floors,
        best: known ?? .infinity
      ) { [spent] in isOver(spent + $0) }
      let outcome = search.run()
      spent += search.nodes
      placement = search.bestPlacement ?? placement
      guard case .exhausted = outcome else { return Result(placement: placement, isProven: false) }
      guard let placement else { return Result(placement: nil, isProven: true) }
      goal = goal.keeping(value(of: placement, measure), next: .cost)
    }
    return Result(placement: placement.map { settleTies($0, goal, spent) }, isProven: true)
  }

  /// Among the placements that keep all criteria, the one with the fewest moves, then the first by the hosts' names;
  /// `placement` itself where steps or time don't suffice to find out.
  private func settleTies(_ placement: [Int], _ goal: Goal, _ before: Int) -> [Int] {
    var spent = before
    let moves = placement.indices.count { problem.present[$0] >= 0 && problem.present[$0] != placement[$0] }
    for most in 0...moves {
      var search = BranchAndBound(
        problem, goal: goal, order: instance.vmsByName, hostRanks: instance.hostRanks, floors: floors, mostMoves: most,
        stopsAtFirst: true
      ) { [spent] in isOver(spent + $0) }
      let outcome = search.run()
      spent += search.nodes
      switch outcome {
      case .found: return search.bestPlacement ?? placement
      case .interrupted: return placement
      case .exhausted: continue
      }
    }
    return placement
  }

  private func value(of placement: [Int], _ measure: Goal.Measure) -> Double {
    let evaluation = PlacementEvaluation(of: placement, in: instance)
    return switch measure {
    case .cost: evaluation.cost.total
    case .seconds: evaluation.totalSeconds
    case .watts: evaluation.watts
    }
  }

  /// VMs so that each next one has the most traffic with those before it; the busiest first.
  private var trafficOrder: [Int] {
    let traffic = problem.traffic
    let weights = traffic.weights(waitScale: problem.hasWaits, byteScale: problem.hasEgress || problem.hasLoads)
    var pull = (0..<problem.n).map { vm in 1e-3 * traffic.entries(of: vm).reduce(0) { $0 + weights[$1] } }
    var isPlaced = [Bool](repeating: false, count: problem.n)
    var order: [Int] = []
    for _ in 0..<problem.n {
      guard let next = (0..<problem.n).filter({ !isPlaced[$0] }).max(by: { pull[$0] < pull[$1] }) else { break }
      order.append(next)
      isPlaced[next] = true
      for entry in traffic.entries(of: next) where traffic.peers[entry] < problem.n {
        pull[traffic.peers[entry]] += weights[entry]
      }
    }
    return order
  }
}

extension PlacementTraffic {
  /// One weight per entry: its share of all waits, of all bytes, or the sum of both.
  func weights(waitScale: Bool, byteScale: Bool) -> [Double] {
    let allWaits = waitScale ? waits.reduce(0, +) : 0
    let allBytes = byteScale ? bytesOut.reduce(0, +) + bytesIn.reduce(0, +) : 0
    return peers.indices.map { entry in
      (allWaits > 0 ? waits[entry] / allWaits : 0)
        + (allBytes > 0 ? (bytesOut[entry] + bytesIn[entry]) / allBytes : 0)
    }
  }
}
