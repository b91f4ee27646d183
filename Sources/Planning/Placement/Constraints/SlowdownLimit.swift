/// The objective `resources` may slow the application by this much.
struct SlowdownLimit: PlacementConstraint {
  /// σ at most.
  let limit: Double

  func violations(of evaluation: PlacementEvaluation, in instance: PlacementInstance) -> [PlacementViolation] {
    let slowdown = evaluation.slowdown
    return exceeds(slowdown, limit) ? [.slowdownLimit(slowdown: slowdown, limit: limit)] : []
  }
}
