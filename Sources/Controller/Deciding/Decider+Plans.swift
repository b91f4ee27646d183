internal import Foundation
internal import Model
internal import Planning
internal import Storage
internal import SwiftProtobuf
package import Wire

extension Decider {
  // MARK: - Proposals

  /// Makes a plan known; in automatic mode also carries it out.
  func propose(_ plan: Plan, for name: String, rate: Double) async {
    guard let managed = applications[name] else { return }
    let same = plans.values.first {
      $0.application == name && $0.state == "proposed" && $0.steps.map { [$0.vm, $0.to] } == plan.moves.map { [$0.vm, $0.to] }
    }
    var record = same ?? newRecord(of: plan, for: name)
    record.reason = plan.reason
    record.predictedGain = plan.placementSlowdown.map { (plan.before?.slowdown ?? 1) / max($0, 1e-6) } ?? 1
    record.rateBefore = rate
    record.expires = now().advanced(bySeconds: settings.expirySeconds).nanoseconds
    record.document = Self.json(plan)
    if same == nil { withdrawProposals(of: name, since: "a newer plan takes its place") }
    plans[record.identifier] = record
    forgetOldPlans()
    guard await keep(record).value else { return }
    if same == nil {
      events.add(.plan, "plan \(record.identifier): \(Self.summary(record))", application: name) { $0.plan = record }
    }
    if managed.application.mode == .automatic, managed.paused == nil, paused == nil {
      _ = try? await decide(record.identifier, approve: true, by: "automatic mode")
    }
  }

  private func newRecord(of plan: Plan, for name: String) -> PlanRecord {
    var record = PlanRecord()
    let stamp = now().description.filter { $0.isNumber || $0 == "T" }.prefix(15)
    let number = plans.values.count { $0.identifier.hasPrefix("\(name)-\(stamp)") }
    record.identifier = "\(name)-\(stamp)" + (number > 0 ? "-\(number + 1)" : "")
    record.application = name
    record.state = "proposed"
    record.created = now().nanoseconds
    record.objective = plan.objective.rawValue
    record.steps = plan.moves.map { PlanStep($0) }
    return record
  }

  static func summary(_ record: PlanRecord) -> String {
    let moves = record.steps.map { "\($0.vm) \($0.from) → \($0.to)" }.joined(separator: ", ")
    return "\(record.reason) (\(moves)); expected: \(record.predictedGain.rounded(places: 2)) times the message rate"
  }

  static func json(_ plan: Plan) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(plan)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// Plans that wait for approval and aren't what is advised any more.
  func withdrawProposals(of name: String, since reason: String, by: String = "") {
    for record in plans.values where record.application == name && record.state == "proposed" {
      end(record.identifier, "superseded", reason, by: by)
    }
  }

  func expirePlans() {
    for record in plans.values where record.state == "proposed" && record.expires < now().nanoseconds {
      end(record.identifier, "expired", "nobody approved it in time")
    }
  }

  // MARK: - Decisions of people

  /// Approves or rejects a plan.
  package func decide(_ identifier: String, approve: Bool, by: String) async throws(Refusal) -> PlanRecord {
    guard var record = plans[identifier] else {
      throw Refusal("there is no plan \"\(identifier)\"; `transhumance get plans` lists all")
    }
    guard record.state == "proposed" else { throw Refusal("plan \(identifier) is \(record.state) already") }
    guard approve else {
      plans[identifier]?.decidedBy = by
      end(identifier, "rejected", "rejected by \(by)", by: by)
      rest(record.application, for: settings.expirySeconds, since: "plan \(identifier) was rejected by \(by)")
      return plans[identifier] ?? record
    }
    guard record.expires >= now().nanoseconds else { throw Refusal("plan \(identifier) has expired") }
    guard activePlan(of: record.application) == nil else {
      throw Refusal("another plan of \(record.application) is being carried out")
    }
    record.state = "approved"
    record.decidedBy = by
    plans[identifier] = record
    guard await keep(record).value else {
      plans[identifier]?.state = "proposed"
      throw Refusal("plan \(identifier) can't be recorded, and so isn't carried out; see the controller's log")
    }
    events.add(.plan, "plan \(identifier) is approved by \(by)", application: record.application, by: by) {
      $0.plan = record
    }
    carryOut(identifier)
    return record
  }

  /// Why an operator's request isn't followed.
  package struct Refusal: Error, CustomStringConvertible {
    package var description: String

    package init(_ description: String) {
      self.description = description
    }
  }

  // MARK: - Records

  /// Ends a plan that isn't carried out, or has been.
  ///
  /// - Parameter by: who wanted that; empty: nobody asked.
  func end(_ identifier: String, _ state: String, _ reason: String, by: String = "") {
    guard var record = plans[identifier] else { return }
    record.state = state
    record.stateReason = reason
    plans[identifier] = record
    let level: EventLog.Level = state == "failed" ? .error : .info
    let verb = state == "failed" || state == "expired" ? "has" : "is"
    events.add(
      .plan, "plan \(identifier) \(verb) \(state)" + (reason.isEmpty ? "" : ": \(reason)"),
      application: record.application, level: level, by: by
    ) { $0.plan = record }
    keep(record)
  }

  /// The oldest that have ended go, where there are more than an operator would ask for; the store has them.
  private func forgetOldPlans() {
    guard plans.count > Self.rememberedPlans else { return }
    let ended = plans.values.filter { !$0.isUnderWay && $0.state != "proposed" && $0.state != "verifying" }
    for record in ended.sorted(by: { $0.created < $1.created }).prefix(plans.count - Self.rememberedPlans) {
      plans[record.identifier] = nil
    }
  }

  // MARK: - Rests

  /// Nothing is proposed for an application for so many seconds.
  func rest(_ name: String, for seconds: Double, since reason: String) {
    guard var managed = applications[name] else { return }
    managed.rest = .init(until: now().advanced(bySeconds: seconds), reason: reason)
    applications[name] = managed
    keep(managed)
  }

  /// What failed or was turned down may be another matter now: the federation has changed, or a host is drained or held,
  /// or isn't any more.
  package func endRests() {
    for name in applications.keys { applications[name]?.memory.endRest() }
    for var managed in applications.values where managed.rest != nil {
      managed.rest = nil
      managed.failures = 0
      applications[managed.application.name] = managed
      keep(managed)
    }
  }

  /// Writes a plan down, as it is now; says so where that fails.
  ///
  /// - Returns: whether that worked, for whoever waits for it.
  @discardableResult
  func keep(_ record: PlanRecord) -> Task<Bool, Never> {
    kept("plan \(record.identifier) can't be recorded", .plan, of: record.application) { [store] in
      try await store.save(
        StoredPlan(
          identifier: record.identifier, application: record.application,
          created: Timestamp(nanoseconds: record.created), content: record.serializedData()))
    }
  }
}
