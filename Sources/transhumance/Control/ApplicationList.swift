import Answers
import Wire

/// Applications that the controller looks after, and what it last made of them.
struct ApplicationList: Listing {
  typealias Document = ApplicationStatusDocument

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

extension ListedRow<ApplicationStatusDocument> {
  fileprivate init(_ status: ApplicationStatus) {
    let application = ApplicationStatusDocument(status)
    let first = [application.name, application.mode, application.objective, String(status.vms.count)]
    let state =
      application.paused.map { "paused: \($0)" } ?? application.problem.map { "old version in force: \($0)" }
      ?? (application.seen?.partial == true ? "seen in part; " : "") + application.reason
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
