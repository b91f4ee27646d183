/// Something that a placement must respect. One small type each, in this folder; each knows only what it limits.
protocol PlacementConstraint: Sendable {
  /// What of it `evaluation` breaks, in the order of VMs.
  func violations(of evaluation: PlacementEvaluation, in instance: PlacementInstance) -> [PlacementViolation]
}

/// Whether a sum is above its limit by more than rounding (a part in 10⁹: ten tenths of a vCPU fill one).
func exceeds(_ value: Double, _ limit: Double) -> Bool { value > limit + abs(limit) * 1e-9 }
