/// The run costs no more.
struct Budget: PlacementConstraint {
  let limit: Double

  func violations(of evaluation: PlacementEvaluation, in instance: PlacementInstance) -> [PlacementViolation] {
    let cost = evaluation.cost.total
    return exceeds(cost, limit) ? [.budget(cost: cost, limit: limit)] : []
  }
}
