import Planning

/// A plan's JSON document, of one application or of several; with every term of the formulas where it is explained.
struct PlanDocument<Document: Encodable>: Encodable {
  private let plan: Document
  /// Nil: left out.
  private let explanation: Explanation?

  func encode(to encoder: any Encoder) throws {
    try plan.encode(to: encoder)
    guard let explanation else { return }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(explanation.rows, forKey: .explanation)
  }

  private enum CodingKeys: String, CodingKey { case explanation }
}

extension PlanDocument<Plan> {
  init(plan: Plan, isExplained: Bool) {
    (self.plan, explanation) = (plan, isExplained ? plan.explanation : nil)
  }
}

extension PlanDocument<JointPlan> {
  init(plan: JointPlan, isExplained: Bool) {
    (self.plan, explanation) = (plan, isExplained ? plan.explanation : nil)
  }
}
