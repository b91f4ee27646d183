/// The items near the border of two places, to be shared out between these two anew, as well as can be: by a minimum cut
/// (Sanders and Schulz, "Engineering Multilevel Graph Partitioning Algorithms", ESA 2011; with costs of items' own as in
/// Boykov, Veksler and Zabih, "Fast Approximate Energy Minimization via Graph Cuts", IEEE Trans. PAMI 23, 2001). Pairs
/// that cost less apart than together aren't seen by it.
///
/// The cut knows no room: of several of the same cost one with less overload is chosen, greedily.
package struct BorderCut {
  private let problem: QuadraticProblem
  private let first: Int
  private let second: Int
  /// The items, and by item its node in the network; −1: it isn't in.
  package private(set) var region: [Int32] = []
  private var node: [Int32]

  /// - Parameters:
  ///   - share: of the room in use at each of the two, the items nearest to the other.
  ///   - start: of the items at the border, those from this one on go first.
  package init(_ state: QuadraticState, _ first: Int, _ second: Int, share: Double, from start: Int = 0) {
    problem = state.problem
    (self.first, self.second) = (first, second)
    node = [Int32](repeating: -1, count: problem.items)
    grow(state, from: first, to: second, share, start)
    grow(state, from: second, to: first, share, start)
  }

  /// Adds items of one place that may be at the other, those with peers at the other first, then their peers, and so on.
  private mutating func grow(_ state: QuadraticState, from place: Int, to other: Int, _ share: Double, _ start: Int) {
    var vcpus = share * state.usedVCPUs[place]
    var memory = share * state.usedMemory[place]
    var done = region.count
    func take(_ item: Int) {
      let row = item * problem.places
      guard node[item] < 0, state.placeOf[item] == place,
        max(problem.own[row + place], problem.own[row + other]) < .infinity,
        problem.vcpus[item] <= vcpus, problem.memory[item] <= memory
      else { return }
      vcpus -= problem.vcpus[item]
      memory -= problem.memory[item]
      node[item] = Int32(region.count)
      region.append(Int32(item))
    }
    for offset in 0..<problem.items {
      let item = (start + offset) % problem.items
      guard state.placeOf[item] == place else { continue }
      if problem.entries(of: item).contains(where: { state.placeOf[problem.peers[$0]] == other }) { take(item) }
    }
    while done < region.count {
      for entry in problem.entries(of: Int(region[done])) { take(problem.peers[entry]) }
      done += 1
    }
  }

  /// - Parameters:
  ///   - state: that of which the region was made.
  ///   - isOver: told now and then how many items were looked at since; nothing is moved then.
  /// - Returns: whether anything was moved.
  package func apply(
    to state: inout QuadraticState, random: inout SplitMix64, isOver: (_ done: Int) -> Bool = { _ in false }
  ) -> Bool {
    guard region.count > 1 else { return false }
    var flow = network(state)
    guard flow.run(isOver: isOver) else { return false }
    let before = region.map { state.placeOf[Int($0)] }
    let side = flow.sourceSide
    for (node, item) in region.enumerated() { state.move(Int(item), to: side[node] ? first : second) }
    relieve(&state, flow, side, &random)
    return region.map { state.placeOf[Int($0)] } != before
  }

  /// The source stands for the first place, the sink for the second, and what a cut costs for what the placement does:
  /// costs of pairs are shared out between arcs and the two ends, so that arcs are the same both ways.
  private func network(_ state: QuadraticState) -> MaximumFlow {
    var terminal: [Double] = []
    terminal.reserveCapacity(region.count)
    for item in region {
      let row = Int(item) * problem.places
      var more = state.costs[row + second] - state.costs[row + first]
      for entry in problem.entries(of: Int(item)) where node[problem.peers[entry]] >= 0 {
        let place = state.placeOf[problem.peers[entry]]
        more += problem.cost(entry, first, place) - problem.cost(entry, second, place)
        more +=
          (problem.cost(entry, second, first) + problem.cost(entry, second, second)
            - problem.cost(entry, first, first) - problem.cost(entry, first, second)) / 2
      }
      terminal.append(more)
    }
    var flow = MaximumFlow(terminal: terminal)
    for (index, item) in region.enumerated() {
      for entry in problem.entries(of: Int(item)) {
        let peer = Int(node[problem.peers[entry]])
        guard peer > index else { continue }
        let apart = state.correction(entry: entry, first, second)
        if apart > 0 { flow.join(index, peer, capacity: apart / 2) }
      }
    }
    return flow
  }

  /// Puts at the first place what may be at either, as long as it fits and the second one is overfull; of what doesn't
  /// fit so much is tried as eight times the region.
  private func relieve(
    _ state: inout QuadraticState, _ flow: MaximumFlow, _ sourceSide: [Bool], _ random: inout SplitMix64
  ) {
    var side = sourceSide
    let other = flow.sinkSide
    var left = 8 * region.count
    for start in random.permutation(of: region.count) where !side[Int(start)] && !other[Int(start)] {
      if state.overload(second) <= 0 || left < 0 { break }
      let joining = flow.joining(Int32(start), &side)
      left -= joining.count
      var (vcpus, memory) = (state.usedVCPUs[first], state.usedMemory[first])
      for node in joining {
        vcpus += problem.vcpus[Int(region[Int(node)])]
        memory += problem.memory[Int(region[Int(node)])]
      }
      if problem.overload(first, vcpus: vcpus, memory: memory) <= state.overload(first) {
        for node in joining { state.move(Int(region[Int(node)]), to: first) }
      } else {
        for node in joining { side[Int(node)] = false }
      }
    }
  }
}
