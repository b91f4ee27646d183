package import Model

/// What no placement can be below: by the room of sites, and where that isn't too large by each VM's best host.
package struct RootBound {
  /// Of what the objective compares first; infinite where a VM fits nowhere.
  package let value: Double

  package init(_ problem: SearchProblem, _ floors: PairFloors, _ objective: Objective) {
    let goal = Goal(measure: Goal.measures(of: objective)[0])
    let bySites = SiteBound(problem, floors).value(of: objective)
    // Two tables by VM and host would take more than 64 MiB.
    guard problem.n <= Self.tableLimit / max(1, problem.hosts) else {
      value = bySites
      return
    }
    var search = BranchAndBound(
      problem, goal: goal, order: [Int](0..<problem.n), hostRanks: [], floors: floors, depths: 1, isOver: { _ in false }
    )
    value = max(bySites, search.rootBound())
  }

  /// VMs times hosts beyond which hosts aren't looked at one by one.
  private static let tableLimit = 1 << 22
}
