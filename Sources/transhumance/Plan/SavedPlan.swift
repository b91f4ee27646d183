import Foundation
import Planning

/// A plan that was kept with its inputs: what `plan --save` writes and `explain` reads.
struct SavedPlan: Encodable {
  var inputs: PlanInputs
  var answer: PlanQuestion.Answer

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(inputs, forKey: .inputs)
    switch answer {
    case .one(let plan): try container.encode(PlanDocument(plan: plan, isExplained: true), forKey: .plan)
    case .several(let plan): try container.encode(plan, forKey: .plan)
    }
  }

  private enum CodingKeys: String, CodingKey { case inputs, plan }

  var text: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
  }

  /// What `explain` needs of it.
  struct Reading: Decodable {
    struct Plan: Decodable {
      var decision: String
      var reason: String
      /// Nil where infeasible.
      var placement: [String: String]?
    }

    var inputs: PlanInputs
    var plan: Plan
  }
}
