/// Passes of moves in the manner of Fiduccia and Mattheyses ("A Linear-Time Heuristic for Improving Network
/// Partitions", DAC 1982), between any number of places: each item moves at most once in a pass, the best move first
/// even if it makes things worse, and the pass ends at the best point it went through. A place may be overfull by one
/// item on the way; then the next move leaves it.
struct Refinement {
  private(set) var state: QuadraticState
  private var heaps: [GainHeap]
  /// Counts the entries of each item in the heaps; older ones are void.
  private var versions: [Int]
  private var isLocked: [Bool]
  private var journal: [(item: Int, from: Int)] = []
  private let largestVCPUs: Double
  private let largestMemory: Double

  init(_ state: QuadraticState) {
    self.state = state
    heaps = [GainHeap](repeating: GainHeap(), count: state.problem.places)
    versions = [Int](repeating: 0, count: state.problem.items)
    isLocked = [Bool](repeating: false, count: state.problem.items)
    largestVCPUs = state.problem.vcpus.max() ?? 0
    largestMemory = state.problem.memory.max() ?? 0
  }

  /// Passes until one gains nothing.
  /// - Parameters:
  ///   - patience: moves without a new best after which a pass ends.
  ///   - isOver: told now and then how many moves there were since; ends the last pass early, at the best point it went
  ///     through.
  mutating func run(patience: Int, passes: Int = 20, isOver: (_ done: Int) -> Bool) {
    var left = passes
    while left > 0, !isOver(0), pass(patience, isOver) { left -= 1 }
  }

  private mutating func pass(_ patience: Int, _ isOver: (_ done: Int) -> Bool) -> Bool {
    let problem = state.problem
    journal.removeAll(keepingCapacity: true)
    for place in heaps.indices { heaps[place].removeAll() }
    for item in 0..<problem.items {
      isLocked[item] = false
      if isOnEdge(item) { push(item) }
    }
    let startOverload = state.overload
    var (overload, cost) = (startOverload, 0.0)
    var best = (overload: overload, cost: 0.0, length: 0)
    let threshold = 1e-12 * abs(state.cost)
    while let item = next(overloaded: overload > 0) {
      let (target, gain) = bestTarget(item)
      guard target >= 0 else { continue }
      let from = state.placeOf[item]
      overload -= state.overload(from) + state.overload(target)
      state.move(item, to: target)
      overload += state.overload(from) + state.overload(target)
      if overload < 1e-9 { overload = 0 }
      cost -= gain
      isLocked[item] = true
      journal.append((item, from))
      for entry in problem.entries(of: item) where !isLocked[problem.peers[entry]] { push(problem.peers[entry]) }
      if (overload, cost) < (best.overload, best.cost - threshold) {
        best = (overload, cost, journal.count)
      } else if journal.count - best.length > patience {
        break
      }
      if journal.count % 64 == 0, isOver(64) { break }
    }
    while journal.count > best.length, let step = journal.popLast() { state.move(step.item, to: step.from) }
    return best.length > 0
  }

  /// Whether an item has a peer elsewhere, or would be better off elsewhere.
  private func isOnEdge(_ item: Int) -> Bool {
    let place = state.placeOf[item]
    if state.overload(place) > 0 { return true }
    for entry in state.problem.entries(of: item) where state.placeOf[state.problem.peers[entry]] != place {
      return true
    }
    let row = item * state.problem.places
    return (0..<state.problem.places).contains { state.costs[row + $0] < state.costs[row + place] }
  }

  /// The cheapest place for an item that has room for it but for one item, and what going there gains; −1 where there
  /// is none.
  private func bestTarget(_ item: Int) -> (place: Int, gain: Double) {
    let problem = state.problem
    let row = item * problem.places
    var (best, least) = (-1, Double.infinity)
    for place in 0..<problem.places where place != state.placeOf[item] && state.costs[row + place] < least {
      if exceeds(state.usedVCPUs[place] + problem.vcpus[item], problem.roomVCPUs[place] + largestVCPUs) { continue }
      if exceeds(state.usedMemory[place] + problem.memory[item], problem.roomMemory[place] + largestMemory) { continue }
      (best, least) = (place, state.costs[row + place])
    }
    return (best, state.costs[row + state.placeOf[item]] - least)
  }

  private mutating func push(_ item: Int) {
    let (target, gain) = bestTarget(item)
    versions[item] += 1
    guard target >= 0 else { return }
    heaps[state.placeOf[item]].push(GainHeap.Entry(gain: gain, item: item, version: versions[item]))
  }

  /// The item with the largest gain, of an overfull place if there is one. Gains that capacity has changed since are
  /// put right.
  private mutating func next(overloaded: Bool) -> Int? {
    while true {
      var (source, gain) = (-1, -Double.infinity)
      for place in heaps.indices where !overloaded || state.overload(place) > 0 {
        while let top = heaps[place].top, top.version != versions[top.item] || isLocked[top.item] {
          heaps[place].removeTop()
        }
        if let top = heaps[place].top, top.gain > gain { (source, gain) = (place, top.gain) }
      }
      guard source >= 0, let top = heaps[source].top else { return nil }
      heaps[source].removeTop()
      let now = bestTarget(top.item)
      if now.place < 0 { continue }
      if now.gain < top.gain {
        // Its best place has filled up since: back in line.
        push(top.item)
        if heaps[source].top?.item != top.item { continue }
        heaps[source].removeTop()
      }
      return top.item
    }
  }
}

/// A binary heap, largest gain first.
struct GainHeap {
  struct Entry {
    var gain: Double
    var item: Int
    var version: Int
  }

  private var entries: [Entry] = []

  var top: Entry? { entries.first }

  mutating func removeAll() { entries.removeAll(keepingCapacity: true) }

  mutating func push(_ entry: Entry) {
    var child = entries.count
    entries.append(entry)
    while child > 0 {
      let parent = (child - 1) / 2
      if entries[parent].gain >= entry.gain { break }
      entries[child] = entries[parent]
      child = parent
    }
    entries[child] = entry
  }

  mutating func removeTop() {
    guard let last = entries.popLast(), !entries.isEmpty else { return }
    var parent = 0
    while true {
      var child = 2 * parent + 1
      if child >= entries.count { break }
      if child + 1 < entries.count, entries[child + 1].gain > entries[child].gain { child += 1 }
      if last.gain >= entries[child].gain { break }
      entries[parent] = entries[child]
      parent = child
    }
    entries[parent] = last
  }
}
