import Model

/// The JSON document of `transhumance plan` and `place`.
extension Plan: Encodable {
  enum CodingKeys: String, CodingKey {
    case decision, reason, objective, at, placement, moves, schedule, orderable, orderReason, next, before, after
    case solution, clash, warnings, assumptions, remaining, payBackSeconds, saves, seen
    case frontier = "pareto"
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(decision, forKey: .decision)
    try container.encode(reason, forKey: .reason)
    try container.encode(objective.rawValue, forKey: .objective)
    try container.encode(at.description, forKey: .at)
    // `null` for a first placement, not left out.
    try container.encode(before, forKey: .before)
    try container.encode(solution, forKey: .solution)
    if forecast.chosen != nil || !forecast.remarks.isEmpty { try container.encode(forecast, forKey: .remaining) }
    if !view.unknown.isEmpty { try container.encode(view, forKey: .seen) }
    try container.encode(warnings, forKey: .warnings)
    if !assumptions.isEmpty { try container.encode(assumptions, forKey: .assumptions) }
    if decision == .infeasible {
      try container.encode(clash, forKey: .clash)
      return
    }
    try container.encode(placement, forKey: .placement)
    try container.encode(moves, forKey: .moves)
    try container.encodeIfPresent(schedule, forKey: .schedule)
    try container.encode(after, forKey: .after)
    try container.encodeIfPresent(payBackSeconds, forKey: .payBackSeconds)
    try container.encodeIfPresent(saves, forKey: .saves)
    try container.encode(orderable, forKey: .orderable)
    try container.encodeIfPresent(orderReason, forKey: .orderReason)
    try container.encodeIfPresent(frontier?.points, forKey: .frontier)
    if !next.isEmpty { try container.encode(next, forKey: .next) }
  }
}

extension Plan.LaterMove {
  enum CodingKeys: String, CodingKey { case cost, notBefore, by }

  public func encode(to encoder: any Encoder) throws {
    try move.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(cost, forKey: .cost)
    try container.encode(notBefore.description, forKey: .notBefore)
    try container.encode(by?.description, forKey: .by)
  }
}

extension Plan.Solution: Encodable {
  enum CodingKeys: String, CodingKey { case method, proven, gap }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(method, forKey: .method)
    try container.encode(proven, forKey: .proven)
    // `null` where it isn't known, not left out.
    try container.encode(gap, forKey: .gap)
  }
}

extension Plan.Outcome {
  init(_ evaluation: PlacementEvaluation) {
    self.init(
      seconds: evaluation.totalSeconds, slowdown: evaluation.slowdown, watts: evaluation.watts,
      cost: Cost(
        hosting: evaluation.cost.hosting, egress: evaluation.cost.egress, migration: evaluation.cost.migration,
        total: evaluation.cost.total))
  }
}
