internal import Foundation
internal import Model
internal import Planning
internal import Traffic
internal import Wire

extension Decider {
  /// One turn of the loop for one application.
  func consider(_ name: String) async {
    guard applications[name] != nil else { return }
    let periods = await held()
    countMessages(of: name, periods)
    await verify(name, periods)
    guard let managed = applications[name], activePlan(of: name) == nil else { return }
    let situation = await hosts.situation()
    var deliberation = Deliberation(
      application: managed.application, federation: federation, situation: situation, arriving: arriving,
      settings: settings, memory: managed.memory, now: now())
    if let obstacle = deliberation.obstacle {
      let unseen = managed.application.vms.map(\.name).filter { situation.vms[$0] == nil }
      return note(.init(outcome: .wait(obstacle), view: PartialView(vms: unseen)), of: name)
    }
    let problems = await hosts.problems()
    let window: DecisionWindow
    do {
      window = try DecisionWindow(
        of: periods, for: deliberation.known, since: managed.since, settings: settings, problems: problems)
    } catch {
      if error.isOfNewPhase { withdrawProposals(of: name, since: "the application's traffic has changed") }
      return note(.init(outcome: .wait(error.reason), view: PartialView(hosts: error.missingHosts)), of: name)
    }
    deliberation.application = known(of: managed, on: window)
    (deliberation.calibration, deliberation.moveRates) = (calibrations[name], moveRates.byPair)
    // The search takes seconds; meanwhile operators are answered.
    let search = Task.detached { [deliberation] in deliberation.decide(on: window) }
    // Who leads no more needs none.
    var decision = await withTaskCancellationHandler { await search.value } onCancel: { search.cancel() }
    guard !Task.isCancelled else { return }
    guard let current = applications[name], current.source == managed.source, current.since == managed.since,
      activePlan(of: name) == nil
    else { return }
    // Whoever puts another one in force has all considered once more.
    guard federation == deliberation.federation else { return }
    if var memory = decision.memory {
      // Its rest may have ended meanwhile.
      if current.memory.restsUntil == nil { memory.endRest() }
      applications[name]?.memory = memory
    }
    let rate = Verification.messageRate(of: Set(managed.application.vms.map(\.name)), in: window.periods)
    if case .move(let plan) = decision.outcome, let rest = current.rest, rest.until > now().nanoseconds {
      let end = Timestamp(nanoseconds: rest.until)
      decision.outcome = .wait("rests until \(end), since \(rest.reason); now: \(plan.reason)")
      return note(decision, of: name)
    }
    note(decision, of: name)
    if case .move(let plan) = decision.outcome {
      await propose(plan, for: name, rate: rate)
    } else {
      withdrawProposals(of: name, since: "the latest period says: \(decision.word), \(decision.reason)")
    }
  }

  /// An application with what has been seen of its run.
  func known(of managed: ManagedApplication, on window: DecisionWindow) -> Application {
    let (application, earlier) = (managed.application, earlierRuns[managed.application.name] ?? [])
    return managed.progress?.applied(to: application, on: window.periods, earlier: earlier) ?? application
  }

  /// Of a run, not of a service.
  private func countMessages(of name: String, _ periods: [GlobalPeriod]) {
    guard var managed = applications[name], managed.application.hasEnd else { return }
    var progress = managed.progress ?? RunProgress(since: now())
    let vms = Set(managed.application.vms.map(\.name))
    guard progress.count(periods, of: vms) || managed.progress == nil else { return }
    managed.progress = progress
    applications[name] = managed
    // Else what is counted can be counted anew.
    if managed.application.run?.totalMessages != nil { keep(managed) }
  }

  /// Remembers what was decided, and tells what is new in it.
  private func note(_ decision: Deliberation.Decision, of name: String) {
    guard var managed = applications[name] else { return }
    let before = managed.latest
    var decision = decision
    if decision.grouping == nil {
      // It waits for data: what was seen last stands until then, and time goes on.
      (decision.grouping, decision.messageRate) = (before?.grouping, before?.messageRate)
      let passed = managed.decided.map { Double(now().nanoseconds - $0.nanoseconds) * 1e-9 }
      decision.forecast = before?.forecast?.later(by: max(0, passed ?? 0))
    }
    managed.latest = decision
    managed.decided = now()
    applications[name] = managed
    if let grouping = decision.grouping, grouping.members != before?.grouping?.members
      || grouping.outcome != before?.grouping?.outcome
    {
      events.add(.groups, Self.words(grouping), application: name)
    }
    if decision.word != before?.word || Self.gist(decision) != before.map(Self.gist) {
      let level: EventLog.Level = if case .infeasible = decision.outcome { .warning } else { .info }
      events.add(.decision, "\(decision.word): \(decision.reason)", application: name, level: level)
    }
  }

  /// Reasons have figures in them that differ a little each time: those are no news.
  private static func gist(_ decision: Deliberation.Decision) -> String {
    decision.reason.filter { !$0.isNumber && $0 != "." && $0 != "," }
  }

  static func words(_ grouping: Grouping) -> String {
    switch grouping.outcome {
    case .negligible:
      return "next to nothing is exchanged: no VM needs another near it"
    case .one:
      return "one group: its VMs talk to each other too evenly to be told apart (modularity "
        + "\(grouping.bestModularity.rounded(places: 2)))"
    case .partition:
      let groups = grouping.members.map { "{" + $0.map(\.description).joined(separator: ", ") + "}" }
      return "\(groups.count) groups: \(groups.joined(separator: " ")) (modularity \(grouping.modularity.rounded(places: 2)), "
        + "\(Int((grouping.cutShare * 100).rounded())) % of the packets run between them)"
    }
  }

  /// Where plans that are being carried out take VMs, also for a while.
  var arriving: [String: Set<String>] {
    var places: [String: Set<String>] = [:]
    for plan in plans.values where plan.isUnderWay {
      for step in plan.steps where step.state != "done" { places[step.vm, default: []].insert(step.to) }
    }
    return places
  }

  /// The plan that is being carried out.
  func activePlan(of name: String) -> PlanRecord? {
    plans.values.first { $0.application == name && $0.isUnderWay }
  }
}
