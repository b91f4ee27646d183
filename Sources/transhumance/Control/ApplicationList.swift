import Model
import Wire

/// Applications that the controller looks after, and what it last made of them.
struct ApplicationList: Listing {
  struct Row: Encodable {
    var name: String
    var mode: String
    var objective: String
    var owner: String?
    var paused: String?
    var problem: String?
    var hosts: [String: String]
    var grouping: String
    var groups: [[String]]
    var decision: String
    var reason: String
    var decided: String?
    var messagesPerSecond: Double
  }

  static let key = "applications"
  static let columns: [(heading: String, alignment: TextTable.Alignment)] = [
    ("NAME", .left), ("MODE", .left), ("OBJECTIVE", .left), ("VMS", .right), ("GROUPS", .right), ("MESSAGES/S", .right),
    ("DECISION", .left), ("REASON", .left),
  ]
  let rows: [(name: String, cells: [String], document: Row)]

  init(_ reply: OverviewReply) {
    rows = reply.applications.map { status in
      let row = Row(
        name: status.name, mode: status.mode, objective: status.objective,
        owner: status.owner.isEmpty ? nil : status.owner, paused: status.paused.isEmpty ? nil : status.paused,
        problem: status.problem.isEmpty ? nil : status.problem,
        hosts: Dictionary(zip(status.vms, status.hosts), uniquingKeysWith: { first, _ in first }),
        grouping: status.grouping, groups: status.groups.map(\.vms), decision: status.decision, reason: status.reason,
        decided: status.decided == 0 ? nil : Timestamp(nanoseconds: status.decided).description,
        messagesPerSecond: status.messageRate)
      let state = row.paused.map { "paused: \($0)" } ?? row.problem.map { "old version in force: \($0)" } ?? row.reason
      let groups = row.grouping.isEmpty ? "–" : row.grouping == "partition" ? String(row.groups.count) : row.grouping
      let cells = [
        row.name, row.mode, row.objective, String(status.vms.count), groups,
        row.grouping.isEmpty ? "–" : Text.significant(row.messagesPerSecond), row.decision.isEmpty ? "–" : row.decision,
        state,
      ]
      return (row.name, cells, row)
    }
  }
}

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

  struct Row: Encodable {
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
  static let columns: [(heading: String, alignment: TextTable.Alignment)] = [
    ("PLAN", .left), ("APPLICATION", .left), ("STATE", .left), ("MOVES", .right), ("PREDICTED", .right),
    ("ACHIEVED", .right), ("REASON", .left),
  ]
  let rows: [(name: String, cells: [String], document: Row)]

  init(_ reply: OverviewReply) {
    rows = reply.plans.map { record in
      let row = Row(record)
      let cells = [
        row.plan, row.application, row.state, String(row.steps.count), "\(Text.significant(row.predictedGain)) ×",
        row.achievedGain.map { "\(Text.significant($0)) ×" } ?? "–", row.stateReason ?? row.reason,
      ]
      return (row.plan, cells, row)
    }
  }
}

extension PlanList.Row {
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
