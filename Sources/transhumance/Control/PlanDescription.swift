import Answers
import Wire

struct PlanDescription: Description {
  private let plan: PlanRecordDocument

  /// - Parameter reply: with the plan's document.
  init?(of identifier: String, in reply: OverviewReply) {
    guard let record = reply.plans.first(where: { $0.identifier == identifier }) else { return nil }
    plan = PlanRecordDocument(record)
  }

  var text: String {
    let gain = { (value: Double) in "\(Text.significant(value)) times the message rate" }
    let rate = { (value: Double) in "\(Text.significant(value)) messages/s" }
    let lines: [(String, String)] = [
      ("Plan", plan.plan), ("Application", plan.application),
      ("State", plan.state + (plan.stateReason.map { ": \($0)" } ?? "")), ("Made", plan.created),
      ("Expires", plan.expires), ("Decided by", plan.decidedBy ?? "–"), ("Reason", plan.reason),
      ("Predicted", gain(plan.predictedGain)), ("Achieved", plan.achievedGain.map(gain) ?? "–"),
      ("Before", plan.messagesPerSecondBefore.map(rate) ?? "–"),
      ("After", plan.messagesPerSecondAfter.map(rate) ?? "–"),
    ] + plan.knowledge
    var table = TextTable([
      ("VM", .left), ("FROM", .left), ("TO", .left), ("STATE", .left), ("TOTAL", .right), ("DOWN", .right),
      ("LOST", .right), ("WHY", .left),
    ])
    for step in plan.steps {
      table.append([
        step.vm, step.from, step.to, step.state, step.move.map { Text.duration($0.totalSeconds) } ?? "–",
        step.move.map { Text.duration($0.downtimeSeconds) } ?? "–", step.lostPackets.map(String.init) ?? "–",
        step.reason ?? step.why,
      ])
    }
    return Self.text(lines) + "\n" + table.rendered()
  }

  func encode(to encoder: any Encoder) throws { try plan.encode(to: encoder) }
}
