import Model

/// Finds the best placement of an instance that breaks nothing: with proof where it is small, else by local search.
public struct PlacementSolver: Sendable {
  public let limits: SearchLimits

  public init(limits: SearchLimits = SearchLimits()) { self.limits = limits }

  public func solve(_ instance: PlacementInstance) -> PlacementSolution {
    let elapsed = limits.start()
    let problem = SearchProblem(instance)
    let steps = limits.steps ?? .max
    let exact = ExactSearch(instance: instance, problem: problem, floors: PairFloors(problem)) { nodes in
      nodes > steps || nodes % 256 == 0 && elapsed() > limits.seconds
    }
    let present = instance.present.flatMap { PlacementEvaluation(of: $0, in: instance).isFeasible ? $0 : nil }
    let result = exact.run(from: present)
    let value = result.placement.map { instance.key(of: PlacementEvaluation(of: $0, in: instance)).first }
    return PlacementSolution(
      placement: result.placement, method: "branch and bound", proven: result.isProven,
      bound: result.isProven ? value : nil, gap: result.isProven && value != nil ? 0 : nil)
  }
}
