/// An order of moves in which every step fits: the VM that arrives finds room on its host and in its site's quota, and
/// none there from which it is to be apart. A VM occupies its old place until its own step.
///
/// A move is *safe* where its target has room for all that are still to come: made at once it takes nothing from any
/// order, since it only frees its source. Safe moves are made without looking further; where none is left, a search
/// over the rest tries those that fit, and remembers the sets of moves after which no order was found. For up to
/// `completeCount` moves it is complete; beyond, bounded.
package struct MoveOrder {
  /// All VMs that move, in order; where there is no order, those that can go first, then the rest.
  package let vms: [Int]
  /// Whether every step fits.
  package let isComplete: Bool
  /// With an incomplete order: whether it is proven that there is none.
  package let isProven: Bool
  /// Why the rest can't go, where the order is incomplete; a sentence a VM.
  package let obstacles: [String]

  static let completeCount = 20
  /// Checks of a move's room that the search may make where there are more moves.
  static let mostChecks = 10_000_000

  /// - Parameters:
  ///   - placement: the wanted hosts; feasible.
  ///   - present: where the VMs are; hosts of those that stay are the same in both.
  package init(from present: [Int], to placement: [Int], in instance: PlacementInstance) {
    let moving = instance.vmsByName.filter { present[$0] != placement[$0] }
    var search = Search(moving: moving, from: present, to: placement, in: instance)
    search.checksLeft = moving.count <= Self.completeCount ? .max : Self.mostChecks
    isComplete = search.run()
    isProven = !isComplete && search.checksLeft > 0
    vms = search.deepest + search.deepestRest.map { moving[$0] }
    obstacles = isComplete ? [] : search.obstacles()
  }
}
