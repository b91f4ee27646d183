import Answers
import Wire

/// An application that the controller looks after, where its VMs are, and what was last made of it.
struct ApplicationDescription: Description {
  private let application: ApplicationStatusDocument
  private let plans: [PlanRecordDocument]

  init?(of name: String, in reply: OverviewReply) {
    guard let status = reply.applications.first(where: { $0.name == name }) else { return nil }
    application = ApplicationStatusDocument(status)
    plans = reply.plans.filter { $0.application == name }.map { PlanRecordDocument($0) }
  }

  var text: String {
    let one = application
    let groups = one.groups.map { "{\($0.joined(separator: ", "))}" }.joined(separator: " ")
    var lines: [(String, String)] = [
      ("Application", one.name), ("Owner", one.owner ?? "–"), ("Mode", one.mode), ("Objective", one.objective),
      ("Paused", one.paused ?? "no"),
    ]
    if let problem = one.problem { lines.append(("Problem", problem)) }
    lines += [
      ("Messages", "\(Text.significant(one.messagesPerSecond)) a second between its VMs"),
      ("Groups", one.grouping.isEmpty ? "–" : "\(one.grouping)\(groups.isEmpty ? "" : ": \(groups)")"),
      ("Decided", one.decided.map { "\($0): \(one.decision)" } ?? "nothing yet"), ("Reason", one.reason),
    ]
    lines += one.knowledge
    var vms = TextTable([("VM", .left), ("HOST", .left)])
    for (vm, host) in one.hosts.sorted(by: { $0.key < $1.key }) { vms.append([vm, host.isEmpty ? "not known" : host]) }
    var table = TextTable([("PLAN", .left), ("STATE", .left), ("MOVES", .right), ("REASON", .left)])
    for plan in plans { table.append([plan.plan, plan.state, "\(plan.steps.count)", plan.stateReason ?? plan.reason]) }
    return Self.text(lines) + "\n" + vms.rendered() + (plans.isEmpty ? "" : "\nPlans:\n" + table.rendered())
  }

  func encode(to encoder: any Encoder) throws {
    try application.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(plans, forKey: .plans)
  }

  private enum CodingKeys: String, CodingKey { case plans }
}
