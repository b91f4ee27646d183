import Model

extension MoveOrder {
  /// A depth-first search over sets of moves that have been made.
  struct Search {
    let moving: [Int]
    private(set) var rooms: MoveRooms
    /// Moves (indexes into `moving`) not made yet, in the order of the VMs' names.
    private var rest: [Int]
    private var made: [Int] = []
    /// Sets of moves, a bit each, after which no order was found.
    private var dead: Set<[UInt64]> = []
    var checksLeft = Int.max

    /// The longest run of moves that fitted, as VMs; what was left then.
    private(set) var deepest: [Int] = []
    private(set) var deepestRest: [Int]

    init(moving: [Int], from present: [Int], to placement: [Int], in instance: PlacementInstance) {
      self.moving = moving
      rooms = MoveRooms(moving: moving, from: present, to: placement, in: instance)
      rest = Array(moving.indices)
      deepestRest = rest
    }

    /// One choice that was made: what can be tried in its place, and how many moves had been made before.
    private struct Choice {
      var alternatives: ArraySlice<Int>
      let madeBefore: Int
      let key: [UInt64]
    }

    /// Whether an order of all moves was found.
    mutating func run() -> Bool {
      var choices: [Choice] = []
      while true {
        makeSafeMoves()
        if made.count > deepest.count || deepest.isEmpty { keepDeepest() }
        if rest.isEmpty { return true }
        let key = self.key()
        let candidates = dead.contains(key) ? [] : fitting()
        choices.append(Choice(alternatives: candidates[...], madeBefore: made.count, key: key))
        // Back to the last choice that has an alternative left.
        while let last = choices.last, last.alternatives.isEmpty {
          dead.insert(last.key)
          choices.removeLast()
          undo(to: choices.last?.madeBefore ?? 0)
        }
        guard checksLeft > 0, let next = choices.last?.alternatives.first else { return false }
        choices[choices.count - 1].alternatives.removeFirst()
        make(next)
      }
    }

    private mutating func makeSafeMoves() {
      var found = true
      while found {
        found = false
        for index in rest where isSafe(index) {
          make(index)
          found = true
        }
      }
    }

    private mutating func isSafe(_ index: Int) -> Bool {
      checksLeft -= 1
      return rooms.isSafe(moving[index])
    }

    /// The moves that fit now: those first whose leaving others wait for.
    private mutating func fitting() -> [Int] {
      checksLeft -= rest.count
      let (fit, stuck) = (rest.filter { rooms.fits(moving[$0]) }, rest.filter { !rooms.fits(moving[$0]) })
      var wanted: [Int: Int] = [:]
      for index in stuck { wanted[rooms.placement[moving[index]], default: 0] += 1 }
      return fit.sorted {
        let (left, right) = (wanted[rooms.hosts[moving[$0]]] ?? 0, wanted[rooms.hosts[moving[$1]]] ?? 0)
        return (right, $0) < (left, $1)
      }
    }

    private mutating func make(_ index: Int) {
      rooms.make(moving[index])
      made.append(index)
      rest.removeAll { $0 == index }
    }

    private mutating func undo(to count: Int) {
      guard made.count > count else { return }
      while made.count > count { rooms.undo(moving[made.removeLast()]) }
      let done = Set(made)
      rest = moving.indices.filter { !done.contains($0) }
    }

    private func key() -> [UInt64] {
      var key = [UInt64](repeating: 0, count: (moving.count + 63) / 64)
      for index in made { key[index / 64] |= 1 << UInt64(index % 64) }
      return key
    }

    private mutating func keepDeepest() {
      deepest = made.map { moving[$0] }
      deepestRest = rest
    }

    /// What each of the moves lacks that are left after the longest run.
    mutating func obstacles() -> [String] {
      undo(to: 0)
      for vm in deepest { rooms.make(vm) }
      return deepestRest.compactMap { rooms.obstacle(moving[$0], waitingFor: deepestRest.map { moving[$0] }) }
    }
  }
}
