package import Model

/// What no placement can be below, from each VM's best host alone.
package struct RootBound {
  /// Of what the objective compares first; infinite where a VM fits nowhere.
  package let value: Double

  package init(_ problem: SearchProblem, _ floors: PairFloors, _ objective: Objective) {
    // Two tables by VM and host would take more than 512 MiB. No figure is negative.
    guard problem.n <= Self.tableLimit / max(1, problem.hosts) else {
      value = 0
      return
    }
    let goal = Goal(measure: Goal.measures(of: objective)[0])
    var search = BranchAndBound(
      problem, goal: goal, order: [Int](0..<problem.n), hostRanks: [], floors: floors, depths: 1, isOver: { _ in false }
    )
    value = search.rootBound()
  }

  /// VMs times hosts beyond which the bound is 0.
  package static let tableLimit = 1 << 25
}
