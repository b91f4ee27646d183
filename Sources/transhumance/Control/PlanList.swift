import Answers
import Wire

/// Plans that the controller has made, the latest last.
struct PlanList: Listing {
  typealias Document = PlanRecordDocument

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

extension ListedRow<PlanRecordDocument> {
  fileprivate init(_ plan: PlanRecordDocument) {
    let first = [plan.plan, plan.application, plan.state, String(plan.steps.count)]
    let times = { (gain: Double) in "\(Text.significant(gain)) ×" }
    let reason = plan.stateReason ?? plan.reason
    self.init(
      name: plan.plan, cells: first + [times(plan.predictedGain), plan.achievedGain.map(times) ?? "–", reason],
      values: first + [Text.plain(plan.predictedGain), plan.achievedGain.map(Text.plain) ?? "", reason],
      document: plan)
  }
}
