import Model
import Wire

/// Plans that the controller has made, the latest last.
struct PlanList: Listing {
  struct Step: Encodable {
    var vm: String
    var from: String
    var to: String
    var why: String
    var state: String
    var reason: String?
    var lostPackets: Int64?
    var move: MoveDocument?
  }

  struct Document: Encodable {
    var plan: String
    var application: String
    var state: String
    var stateReason: String?
    var created: String
    var expires: String
    var reason: String
    var predictedGain: Double
    var achievedGain: Double?
    var messagesPerSecondBefore: Double?
    var messagesPerSecondAfter: Double?
    var decidedBy: String?
    var steps: [Step]
  }

  static let key = "plans"
  static let isByTime = true
  static let columns: [(heading: String, alignment: TextTable.Alignment)] = [
    ("PLAN", .left), ("APPLICATION", .left), ("STATE", .left), ("MOVES", .right), ("PREDICTED", .right),
    ("ACHIEVED", .right), ("REASON", .left),
  ]
  static let fields = ["plan", "application", "state", "moves", "predicted_gain", "achieved_gain", "reason"]
  let rows: [ListedRow<Document>]

  init(_ reply: OverviewReply) {
    rows = reply.plans.map { ListedRow(Document($0)) }
  }
}

extension ListedRow<PlanList.Document> {
  fileprivate init(_ plan: PlanList.Document) {
    let first = [plan.plan, plan.application, plan.state, String(plan.steps.count)]
    let times = { (gain: Double) in "\(Text.significant(gain)) ×" }
    let reason = plan.stateReason ?? plan.reason
    self.init(
      name: plan.plan, cells: first + [times(plan.predictedGain), plan.achievedGain.map(times) ?? "–", reason],
      values: first + [Text.plain(plan.predictedGain), plan.achievedGain.map(Text.plain) ?? "", reason],
      document: plan)
  }
}

extension PlanList.Document {
  init(_ record: PlanRecord) {
    self.init(
      plan: record.identifier, application: record.application, state: record.state,
      stateReason: record.stateReason.isEmpty ? nil : record.stateReason,
      created: Timestamp(nanoseconds: record.created).description,
      expires: Timestamp(nanoseconds: record.expires).description, reason: record.reason,
      predictedGain: record.predictedGain, achievedGain: record.hasAchievedGain ? record.achievedGain : nil,
      messagesPerSecondBefore: record.hasRateBefore ? record.rateBefore : nil,
      messagesPerSecondAfter: record.hasRateAfter ? record.rateAfter : nil,
      decidedBy: record.decidedBy.isEmpty ? nil : record.decidedBy,
      steps: record.steps.map { step in
        PlanList.Step(
          vm: step.vm, from: step.from, to: step.to, why: step.why, state: step.state,
          reason: step.reason.isEmpty ? nil : step.reason, lostPackets: step.hasLostPackets ? step.lostPackets : nil,
          move: step.hasMove ? MoveDocument(step.move) : nil)
      })
  }
}
