/// Passes of moves in the manner of Fiduccia and Mattheyses ("A Linear-Time Heuristic for Improving Network
/// Partitions", DAC 1982), between any number of places: each item moves at most once in a pass, the best move first
/// even if it makes things worse, and the pass ends at the best point it went through. A place may be overfull by one
/// item on the way; then the next move leaves it.
struct Refinement {
  private var heaps: [GainHeap]
  /// By item, the number of its latest entry in the heaps of this pass; older ones are void.
  private var latest: [UInt32]
  private var pushed: UInt32 = 0
  private var isLocked: [Bool]
  private var journal: [(item: Int, from: Int)] = []
  private let largestVCPUs: Double
  private let largestMemory: Double

  init(_ problem: QuadraticProblem) {
    heaps = [GainHeap](repeating: GainHeap(), count: problem.places)
    latest = [UInt32](repeating: 0, count: problem.items)
    isLocked = [Bool](repeating: false, count: problem.items)
    largestVCPUs = problem.vcpus.max() ?? 0
    largestMemory = problem.memory.max() ?? 0
  }

  /// Passes until one gains nothing.
  /// - Parameters:
  ///   - patience: moves without a new best after which a pass ends.
  ///   - isOver: told now and then how many moves there were since; ends the last pass early, at the best point it went
  ///     through.
  mutating func run(_ state: inout QuadraticState, patience: Int, passes: Int = 20, isOver: (_ done: Int) -> Bool) {
    var left = passes
    while left > 0, !isOver(0), pass(&state, patience, isOver) { left -= 1 }
  }

  private mutating func pass(
    _ state: inout QuadraticState, _ patience: Int, _ isOver: (_ done: Int) -> Bool
  ) -> Bool {
    let problem = state.problem
    journal.removeAll(keepingCapacity: true)
    for place in heaps.indices { heaps[place].removeAll() }
    pushed = 0
    for item in 0..<problem.items {
      isLocked[item] = false
      if isOnEdge(item, state) { push(item, state) }
    }
    let startOverload = state.overload
    var (overload, cost) = (startOverload, 0.0)
    var best = (overload: overload, cost: 0.0, length: 0)
    let threshold = 1e-12 * abs(state.cost)
    while let item = next(state, isOverloaded: overload > 0) {
      let (target, gain) = bestTarget(item, state)
      guard target >= 0 else { continue }
      let from = state.placeOf[item]
      overload -= state.overload(from) + state.overload(target)
      state.move(item, to: target)
      overload += state.overload(from) + state.overload(target)
      if overload < 1e-9 { overload = 0 }
      cost -= gain
      isLocked[item] = true
      journal.append((item, from))
      for entry in problem.entries(of: item) where !isLocked[problem.peers[entry]] {
        push(problem.peers[entry], state)
      }
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
  private func isOnEdge(_ item: Int, _ state: QuadraticState) -> Bool {
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
  private func bestTarget(_ item: Int, _ state: QuadraticState) -> (place: Int, gain: Double) {
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

  private mutating func push(_ item: Int, _ state: QuadraticState) {
    let (target, gain) = bestTarget(item, state)
    pushed += 1
    latest[item] = pushed
    guard target >= 0 else { return }
    heaps[state.placeOf[item]].push(GainHeap.Entry(gain: Float(gain), item: UInt32(item), number: pushed))
  }

  /// The item with the largest gain, of an overfull place if there is one. Gains that capacity has changed since are
  /// put right.
  private mutating func next(_ state: QuadraticState, isOverloaded: Bool) -> Int? {
    while true {
      var (source, best) = (-1, GainHeap.Entry(gain: -.infinity, item: 0, number: 0))
      for place in heaps.indices where !isOverloaded || state.overload(place) > 0 {
        while let top = heaps[place].top, top.number != latest[Int(top.item)] || isLocked[Int(top.item)] {
          heaps[place].removeTop()
        }
        if let top = heaps[place].top, top.isBefore(best) { (source, best) = (place, top) }
      }
      guard source >= 0 else { return nil }
      heaps[source].removeTop()
      let item = Int(best.item)
      let now = bestTarget(item, state)
      if now.place < 0 { continue }
      if Float(now.gain) < best.gain {
        // Its best place has filled up since: back in line.
        push(item, state)
        continue
      }
      return item
    }
  }
}

/// A binary heap, largest gain first, of equal ones the latest: moves then go on where the last one was, which cuts
/// better than in any other order (Hagen, Huang and Kahng, "On Implementation Choices for Iterative Improvement
/// Partitioning Algorithms", IEEE Trans. CAD 16, 1997).
struct GainHeap {
  struct Entry {
    /// In single precision, which hides what rounding makes of equal ones.
    var gain: Float
    var item: UInt32
    /// Rising from entry to entry.
    var number: UInt32

    @inline(__always)
    func isBefore(_ other: Entry) -> Bool { gain > other.gain || gain == other.gain && number > other.number }
  }

  private var entries: [Entry] = []

  var top: Entry? { entries.first }

  mutating func removeAll() { entries.removeAll(keepingCapacity: true) }

  mutating func push(_ entry: Entry) {
    var child = entries.count
    entries.append(entry)
    while child > 0 {
      let parent = (child - 1) / 2
      if !entry.isBefore(entries[parent]) { break }
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
      if child + 1 < entries.count, entries[child + 1].isBefore(entries[child]) { child += 1 }
      if !entries[child].isBefore(last) { break }
      entries[parent] = entries[child]
      parent = child
    }
    entries[parent] = last
  }
}
