extension Multilevel {
  /// Cuts borders anew: as many as there are places but one, drawn by the items at them, each with less and less around
  /// it. What is no better once it is refined is taken back.
  mutating func cutBorders(_ state: inout QuadraticState) {
    var refinement = Refinement(state.problem)
    for _ in 1..<problem.places {
      guard let (first, second) = border(of: state) else { return }
      var share = Self.largestShare
      while share >= Self.leastShare, !isOver {
        let before = (placement: state.placeOf, overload: state.overload, cost: state.cost)
        budget.spend(BorderCut(state, first, second, share: share).apply(to: &state, random: &random))
        refine(&state, with: &refinement)
        let (overload, cost, rounding) = (state.overload, state.cost, 1e-9 * abs(before.cost))
        if (overload, cost) < (before.overload, before.cost - rounding) { continue }
        share /= 2
        if (overload, cost) < (before.overload, before.cost + rounding) { continue }
        for item in before.placement.indices { state.move(item, to: before.placement[item]) }
      }
    }
  }

  /// Of the room in use at both places.
  private static let largestShare = 0.2
  private static let leastShare = 0.0125

  /// The places of an item and of a peer elsewhere; nil: there are none.
  private mutating func border(of state: QuadraticState) -> (Int, Int)? {
    let problem = state.problem
    let first = random.next(below: problem.items)
    for offset in 0..<problem.items {
      let item = (first + offset) % problem.items
      let place = state.placeOf[item]
      for entry in problem.entries(of: item) where state.placeOf[problem.peers[entry]] != place {
        return (place, state.placeOf[problem.peers[entry]])
      }
    }
    return nil
  }
}
