internal import Model
package import Wire

/// An application that the controller looks after, as `get applications --format json` has it.
package struct ApplicationStatusDocument: Encodable, Sendable {
  package var name: String
  package var mode: String
  package var objective: String
  package var owner: String?
  package var paused: String?
  package var problem: String?
  package var hosts: [String: String]
  package var grouping: String
  package var groups: [[String]]
  package var decision: String
  package var reason: String
  package var decided: String?
  package var messagesPerSecond: Double
  package var remaining: PlanKnowledge.Remaining?
  package var seen: PlanKnowledge.Seen?
  package var calibration: PlanKnowledge.Calibration?

  package init(_ status: ApplicationStatus) {
    (name, mode, objective) = (status.name, status.mode, status.objective)
    owner = status.owner.isEmpty ? nil : status.owner
    paused = status.paused.isEmpty ? nil : status.paused
    problem = status.problem.isEmpty ? nil : status.problem
    hosts = Dictionary(zip(status.vms, status.hosts), uniquingKeysWith: { first, _ in first })
    (grouping, groups) = (status.grouping, status.groups.map(\.vms))
    (decision, reason) = (status.decision, status.reason)
    decided = status.decided == 0 ? nil : Timestamp(nanoseconds: status.decided).description
    messagesPerSecond = status.messageRate
    let knowledge = PlanKnowledge(document: status.knowledge)
    (remaining, seen, calibration) = (knowledge.remaining, knowledge.seen, knowledge.calibration)
  }
}
