package import Model

/// What no placement can be below, from each VM's best host alone.
package struct RootBound {
  /// Of what the objective compares first; infinite where a VM fits nowhere.
  package let value: Double

  package init(_ problem: SearchProblem, _ floors: PairFloors, _ objective: Objective) {
    let goal = Goal(measure: Goal.measures(of: objective)[0])
    var search = BranchAndBound(
      problem, goal: goal, order: [Int](0..<problem.n), hostRanks: [], floors: floors, depths: 1, isOver: { _ in false }
    )
    value = search.rootBound()
  }
}
