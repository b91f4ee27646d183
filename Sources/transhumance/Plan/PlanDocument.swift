import Planning

/// The JSON document of `plan` and `place` (docs/formats.md), with every term where they are asked for.
struct PlanDocument: Encodable {
  var plan: Plan
  var isExplained: Bool

  func encode(to encoder: any Encoder) throws {
    try plan.encode(to: encoder)
    guard isExplained else { return }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(plan.explanation.rows, forKey: .explanation)
  }

  private enum CodingKeys: String, CodingKey { case explanation }
}
