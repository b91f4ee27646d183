import Model

/// No VM makes a move that live migration can't finish.
struct Movable: PlacementConstraint {
  func violations(of evaluation: PlacementEvaluation, in instance: PlacementInstance) -> [PlacementViolation] {
    evaluation.moves.compactMap { move in
      guard case .failure(let obstacle) = move.migration else { return nil }
      return .notMovable(
        vm: instance.vms[move.vm].name, from: instance.hosts[move.from].name, to: instance.hosts[move.to].name, obstacle
      )
    }
  }
}
