internal import Model
package import Wire

/// A plan that the controller has made, as `get plans --format json` has it.
package struct PlanRecordDocument: Encodable, Sendable {
  package struct Step: Encodable, Sendable {
    package var vm: String
    package var from: String
    package var to: String
    package var why: String
    package var state: String
    package var reason: String?
    package var lostPackets: Int64?
    package var move: MoveDocument?

    package init(_ step: PlanStep) {
      (vm, from, to) = (step.vm, step.from, step.to)
      (why, state) = (step.why, step.state)
      reason = step.reason.isEmpty ? nil : step.reason
      lostPackets = step.hasLostPackets ? step.lostPackets : nil
      move = step.hasMove ? MoveDocument(step.move) : nil
    }
  }

  package var plan: String
  package var application: String
  package var state: String
  package var stateReason: String?
  package var created: String
  package var expires: String
  package var reason: String
  package var predictedGain: Double
  package var achievedGain: Double?
  package var messagesPerSecondBefore: Double?
  package var messagesPerSecondAfter: Double?
  package var decidedBy: String?
  package var steps: [Step]
  /// These four of a single plan that was asked for.
  package var remaining: PlanKnowledge.Remaining?
  package var payBackSeconds: Double?
  package var saves: PlanKnowledge.Saving?
  package var seen: PlanKnowledge.Seen?

  package init(_ record: PlanRecord) {
    (plan, application, state) = (record.identifier, record.application, record.state)
    stateReason = record.stateReason.isEmpty ? nil : record.stateReason
    created = Timestamp(nanoseconds: record.created).description
    expires = Timestamp(nanoseconds: record.expires).description
    (reason, predictedGain) = (record.reason, record.predictedGain)
    achievedGain = record.hasAchievedGain ? record.achievedGain : nil
    messagesPerSecondBefore = record.hasRateBefore ? record.rateBefore : nil
    messagesPerSecondAfter = record.hasRateAfter ? record.rateAfter : nil
    decidedBy = record.decidedBy.isEmpty ? nil : record.decidedBy
    steps = record.steps.map(Step.init)
    let knowledge = PlanKnowledge(document: record.document)
    (remaining, payBackSeconds) = (knowledge.remaining, knowledge.payBackSeconds)
    (saves, seen) = (knowledge.saves, knowledge.seen)
  }
}
