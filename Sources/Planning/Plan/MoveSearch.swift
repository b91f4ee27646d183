/// A search for an order of moves in which every step fits, depth first or by many quick tries.
struct MoveSearch {
  /// VMs that move, in the order of their names.
  private let moving: [Int]
  private let present: [Int]
  private var rooms: MoveRooms
  private var made: [Int] = []
  private var rest: [Int]
  private let budget: SearchBudget

  /// The longest run of moves that fitted; what was left then.
  private(set) var deepest: [Int] = []
  private(set) var deepestRest: [Int]

  /// - Parameter budget: a look at one move is a step of it.
  init(
    moving: [Int], from present: [Int], to placement: [Int], in instance: PlacementInstance, budget: SearchBudget
  ) {
    self.moving = moving
    self.budget = budget
    rooms = MoveRooms(from: present, to: placement, in: instance)
    self.present = present
    rest = moving
    deepestRest = moving
  }

  private mutating func makeSafeMoves() {
    var found = true
    while found {
      found = false
      budget.spend(rest.count)
      rest.removeAll { vm in
        guard rooms.isSafe(vm) else { return false }
        rooms.make(vm, to: rooms.targets[vm])
        made.append(vm)
        found = true
        return true
      }
    }
    if made.count > deepest.count { (deepest, deepestRest) = (made, rest) }
  }

  private mutating func fitting() -> [Int] {
    budget.spend(rest.count)
    return rest.filter { rooms.fits($0, to: rooms.targets[$0]) }
  }

  private mutating func make(_ vm: Int) {
    rooms.make(vm, to: rooms.targets[vm])
    made.append(vm)
    rest.removeAll { $0 == vm }
  }

  private mutating func undo(to count: Int) {
    guard made.count > count else { return }
    while made.count > count {
      let vm = made.removeLast()
      rooms.make(vm, to: present[vm])
    }
    let done = Set(made)
    rest = moving.filter { !done.contains($0) }
  }

  // MARK: - Every order

  /// One choice that was made: what can be tried in its place, and what had been made before.
  private struct Choice {
    var alternatives: ArraySlice<Int>
    let madeBefore: Int
    let key: UInt64
  }

  /// Whether there is an order; nil where the budget ends before that is known. Looks at each set of moves once, for at
  /// most 64 moves.
  mutating func tryAll() -> Bool? {
    var choices: [Choice] = []
    var dead: Set<UInt64> = []
    while true {
      makeSafeMoves()
      if rest.isEmpty { return true }
      if budget.isOver { return nil }
      let key = self.key
      let candidates = dead.contains(key) ? [] : fitting()
      choices.append(Choice(alternatives: candidates[...], madeBefore: made.count, key: key))
      // Back to the last choice that has an alternative left.
      while let last = choices.last, last.alternatives.isEmpty {
        dead.insert(last.key)
        choices.removeLast()
        undo(to: choices.last?.madeBefore ?? 0)
      }
      guard let choice = choices.indices.last else { return false }
      make(choices[choice].alternatives.removeFirst())
    }
  }

  /// The moves that have been made, a bit each.
  private var key: UInt64 {
    moving.indices.reduce(0) { key, index in
      let vm = moving[index]
      return rooms.hosts[vm] == rooms.targets[vm] ? key | 1 << UInt64(index) : key
    }
  }

  // MARK: - Many tries

  /// Whether there is an order; nil where the budget ends before that is known. The first try goes by merit, the others
  /// by merit and chance.
  mutating func tryOften() -> Bool? {
    var random = SplitMix64(seed: 1)
    var chance = 0.0
    var choices = 0
    while true {
      makeSafeMoves()
      if rest.isEmpty { return true }
      if budget.isOver { return nil }
      if let next = best(of: fitting(), chance, &random) {
        make(next)
        choices += 1
        continue
      }
      // Safe moves take nothing from any order: stuck after them alone, all orders are.
      if choices == 0 { return false }
      undo(to: 0)
      choices = 0
      chance = chance == 0 ? 0.1 : min(chance * 1.3, 2)
    }
  }

  private func best(of candidates: [Int], _ chance: Double, _ random: inout SplitMix64) -> Int? {
    var best: (vm: Int, merit: Double)?
    for vm in candidates {
      let merit = rooms.merit(vm) + chance * Double(random.next(below: 1024)) / 1024
      if merit > best?.merit ?? -.infinity { best = (vm, merit) }
    }
    return best?.vm
  }

  // MARK: - Obstacles

  /// What each of the moves lacks that are left after the longest run, in words.
  mutating func obstacles(in instance: PlacementInstance) -> [String] {
    undo(to: 0)
    for vm in deepest { make(vm) }
    return deepestRest.compactMap { rooms.obstacle($0, waitingFor: deepestRest, in: instance) }
  }
}
