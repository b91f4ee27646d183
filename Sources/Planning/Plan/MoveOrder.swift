/// An order of moves in which every step fits: the VM that arrives finds room on its host and in its site's quota, and
/// none there from which it is to be apart. A VM occupies its old place until its own step.
///
/// A move is *safe* where its target has room for all that are still to come: made at once it takes nothing from any
/// order, since it only frees its source. Safe moves are made without looking further; where none is left, a search
/// over the rest tries those that fit. For up to `completeCount` moves it is complete, and remembers the sets of moves
/// after which no order was found; beyond, it starts anew with other choices, as often as its budget allows.
package struct MoveOrder {
  /// All VMs that move, in order; where there is no order, those that can go first, then the rest.
  package let vms: [Int]
  /// Those of them that can't go.
  let stuck: [Int]
  /// Whether every step fits.
  package let isComplete: Bool
  /// Whether it is proven that there is none; with an incomplete order it wasn't found in the time otherwise.
  package let isProven: Bool
  /// Why the rest can't go, where the order is incomplete; a sentence a VM.
  package let obstacles: [String]

  static let completeCount = 20
  /// Looks at a move that the search may take at most, whatever its limits.
  static let mostLooks = 300_000_000

  /// - Parameters:
  ///   - placement: the wanted hosts; feasible.
  ///   - present: where the VMs are; hosts of those that stay are the same in both.
  ///   - limits: of the search; a look at one move is a step.
  package init(
    from present: [Int], to placement: [Int], in instance: PlacementInstance,
    within limits: SearchLimits = SearchLimits(seconds: .infinity)
  ) {
    let moving = instance.vmsByName.filter { present[$0] != placement[$0] }
    var limits = limits
    limits.steps = min(limits.steps ?? .max, Self.mostLooks)
    var search = MoveSearch(
      moving: moving, from: present, to: placement, in: instance, budget: SearchBudget(limits))
    let found = moving.count <= Self.completeCount ? search.tryAll() : search.tryOften()
    isComplete = found == true
    isProven = found == false
    vms = search.deepest + search.deepestRest
    stuck = isComplete ? [] : search.deepestRest
    obstacles = isComplete ? [] : search.obstacles(in: instance)
  }
}
