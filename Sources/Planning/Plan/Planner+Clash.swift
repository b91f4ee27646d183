extension Planner {
  /// What clashes in a question that has no answer, as a search shows, and in which part of it: if the VMs of one
  /// constraint fit nowhere by themselves, that is what a person wants to hear; else in the whole.
  package func searchedClash(within seconds: Double, of limits: SearchLimits) -> (question: Planner, clash: Clash) {
    let elapsed = limits.start()
    let question = hopelessPart(within: seconds / 4, of: limits) ?? self
    let all = Requirement.all(of: question.application, in: question.instance)
    let clash = Clash(all, in: question.instance) { left in
      let rest = seconds - elapsed()
      guard rest > 0, let relaxed = question.without(left) else { return .unknown }
      return relaxed.answer(within: rest / 4, of: limits)
    }
    return (question, clash)
  }

  /// The question of the VMs of one small constraint, if it has no answer by itself.
  func hopelessPart(within seconds: Double, of limits: SearchLimits) -> Planner? {
    let elapsed = limits.start()
    for vms in instance.together + instance.apart where vms.count <= Self.mostInPart {
      let rest = seconds - elapsed()
      guard rest > 0 else { return nil }
      if let part = part(vms), case .none = part.answer(within: rest, of: limits) { return part }
    }
    return nil
  }

  private static let mostInPart = 8

  private func answer(within seconds: Double, of limits: SearchLimits) -> Clash.Answer {
    var limits = limits
    limits.seconds = seconds
    let solution = PlacementSolver(limits: limits).solve(instance)
    return solution.placement.map(Clash.Answer.placement) ?? (solution.proven ? .none : .unknown)
  }

  /// The question with requirements left out; nil where that is none.
  package func without(_ left: some Sequence<Requirement>) -> Planner? {
    var (federation, application) = (federation, application)
    Requirement.relax(left, &federation, &application)
    return changed(federation, application, traffic)
  }
}
