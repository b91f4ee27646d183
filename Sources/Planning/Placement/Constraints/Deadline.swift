/// The run ends in time.
struct Deadline: PlacementConstraint {
  /// Seconds from now; negative where it has passed.
  let limit: Double

  func violations(of evaluation: PlacementEvaluation, in instance: PlacementInstance) -> [PlacementViolation] {
    let seconds = evaluation.totalSeconds
    return exceeds(seconds, limit) ? [.deadline(seconds: seconds, limit: limit)] : []
  }
}
