import Model
import Wire

/// Applications that the controller looks after, and what it last made of them.
struct ApplicationList: Listing {
  struct Document: Encodable {
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
  static let fields = [
    "name", "mode", "objective", "vms", "grouping", "groups", "messages_per_second", "decision", "reason",
  ]
  let rows: [ListedRow<Document>]

  init(_ reply: OverviewReply) {
    rows = reply.applications.map { ListedRow($0) }
  }
}

extension ListedRow<ApplicationList.Document> {
  fileprivate init(_ status: ApplicationStatus) {
    let application = ApplicationList.Document(
      name: status.name, mode: status.mode, objective: status.objective,
      owner: status.owner.isEmpty ? nil : status.owner, paused: status.paused.isEmpty ? nil : status.paused,
      problem: status.problem.isEmpty ? nil : status.problem,
      hosts: Dictionary(zip(status.vms, status.hosts), uniquingKeysWith: { first, _ in first }),
      grouping: status.grouping, groups: status.groups.map(\.vms), decision: status.decision, reason: status.reason,
      decided: status.decided == 0 ? nil : Timestamp(nanoseconds: status.decided).description,
      messagesPerSecond: status.messageRate)
    let first = [application.name, application.mode, application.objective, String(status.vms.count)]
    let state =
      application.paused.map { "paused: \($0)" } ?? application.problem.map { "old version in force: \($0)" }
      ?? application.reason
    let isGrouped = !application.grouping.isEmpty
    let count = String(application.groups.count)
    let groups = application.grouping == "partition" ? count : application.grouping
    self.init(
      name: application.name,
      cells: first + [
        isGrouped ? groups : "–", isGrouped ? Text.significant(application.messagesPerSecond) : "–",
        application.decision.isEmpty ? "–" : application.decision, state,
      ],
      values: first + [
        application.grouping, isGrouped ? count : "", isGrouped ? Text.plain(application.messagesPerSecond) : "",
        application.decision, state,
      ],
      document: application)
  }
}
