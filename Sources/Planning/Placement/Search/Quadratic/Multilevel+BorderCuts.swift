extension Multilevel {
  /// Cuts borders anew: as many as there are places but one, drawn by the items at them, each with less and less around
  /// it. What is worse once it is refined is taken back.
  mutating func cutBorders(_ state: inout QuadraticState) {
    let problem = state.problem
    var refinement = Refinement(problem)
    for _ in 1..<problem.places {
      guard let (first, second) = border(of: state) else { return }
      var share = Self.mostOfPlace
      while share >= Self.leastOfPlace, !isOver {
        let before = (placement: state.placeOf, overload: state.overload, cost: state.cost)
        // All are gone through to find those at the border.
        budget.spend(problem.items)
        let cut = BorderCut(state, first, second, share: share, from: random.next(below: problem.items))
        let isMoved = cut.apply(to: &state, random: &random) { [budget, end] done in
          budget.spend(done)
          return budget.used >= end
        }
        if isMoved {
          refine(&state, with: &refinement)
          let (overload, cost) = (state.overload - before.overload, state.cost - before.cost)
          let rounding = 1e-9 * abs(before.cost)
          if overload < -1e-9 || overload <= 1e-9 && cost < -rounding { continue }
          if !(overload <= 1e-9 && cost <= rounding) {
            for item in before.placement.indices { state.move(item, to: before.placement[item]) }
          }
        }
        share /= 2
      }
    }
  }

  /// Of the room in use at both places.
  private static let mostOfPlace = 0.2
  private static let leastOfPlace = 0.0125

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
