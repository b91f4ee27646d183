internal import Model
internal import Planning
internal import SwiftProtobuf
internal import Wire

/// Carrying out a plan, steps side by side where its schedule has them so. Whatever was begun before this controller
/// started is taken up where the hosts say that it is.
extension Decider {
  /// Of plans that were approved or running when the last controller ended.
  func resumePlans() {
    for record in plans.values where record.isUnderWay && runs[record.identifier] == nil {
      events.add(.plan, "plan \(record.identifier) goes on", application: record.application)
      carryOut(record.identifier)
    }
  }

  func carryOut(_ identifier: String) {
    guard runs[identifier] == nil else { return }
    runs[identifier] = Task {
      await self.walk(identifier)
      self.runs[identifier] = nil
      if !Task.isCancelled { await self.considerAll() }
    }
  }

  /// Returns when nothing more is carried out.
  package func settle() async {
    while let run = runs.values.first { await run.value }
  }

  private func walk(_ identifier: String) async {
    guard var record = plans[identifier] else { return }
    record.state = "running"
    plans[identifier] = record
    _ = await keep(record).value
    let begin = now()
    switch await carryOutSteps(of: identifier, StepOrder(record)) {
    case .done: break
    case .failed(let reason):
      fail(identifier, reason)
      return
    // The next controller goes on.
    case .cancelled: return
    }
    if var managed = applications[record.application] {
      managed.since = now()
      managed.failures = 0
      managed.rest = nil
      managed.memory.rest(afterMovesOf: begin.seconds(until: now()), at: now())
      applications[record.application] = managed
      keep(managed)
    }
    plans[identifier]?.state = "verifying"
    plans[identifier]?.stateReason = "waits for \(Int(settings.windowSeconds)) s of data"
    if let record = plans[identifier] {
      _ = await keep(record).value
      events.add(
        .plan, "plan \(identifier) is carried out; what it brings is seen in \(Int(settings.windowSeconds)) s",
        application: record.application
      ) { $0.plan = record }
    }
  }

  private enum Ending: Sendable {
    case done
    case failed(String)
    case cancelled
  }

  /// Begins each step after those before it, once what it waits for is done. After a failure those that have begun go on
  /// to their ends, and no other begins.
  private func carryOutSteps(of identifier: String, _ order: StepOrder) async -> Ending {
    let isDone = { (index: Int) in self.plans[identifier]?.steps[index].state == "done" }
    var waiting = order.waitsFor.indices.filter { !isDone($0) }[...]
    var ending = Ending.done
    await withTaskGroup(of: Ending.self) { group in
      while true {
        while case .done = ending, let next = waiting.first, order.waitsFor[next].allSatisfy(isDone) {
          waiting.removeFirst()
          group.addTask { await self.carryOutStep(next, of: identifier) }
        }
        guard let one = await group.next() else { return }
        // A failure is what is told, whatever else was cancelled.
        switch (ending, one) {
        case (.failed, _), (_, .done): break
        default: ending = one
        }
      }
    }
    return ending
  }

  private func carryOutStep(_ index: Int, of identifier: String) async -> Ending {
    do {
      try await perform(index, of: identifier)
      return .done
    } catch let refusal as Refusal {
      plans[identifier]?.steps[index].state = "failed"
      plans[identifier]?.steps[index].reason = refusal.description
      return .failed(refusal.description)
    } catch {
      return .cancelled
    }
  }

  private func fail(_ identifier: String, _ reason: String) {
    guard var record = plans[identifier] else { return }
    for index in record.steps.indices where !["done", "failed"].contains(record.steps[index].state) {
      record.steps[index].state = "skipped"
    }
    plans[identifier] = record
    if var managed = applications[record.application] {
      managed.failures += 1
      let done = record.steps.count { $0.state == "done" }
      managed.memory.fail(afterShare: Double(done) / Double(max(1, record.steps.count)))
      managed.since = now()
      applications[record.application] = managed
      rest(
        record.application, for: ManagedApplication.rest(afterFailures: managed.failures),
        since: "plan \(identifier) has failed (\(reason))")
    }
    end(identifier, "failed", reason)
  }

  // MARK: - One step

  /// Returns when the VM is where the step wants it.
  private func perform(_ index: Int, of identifier: String) async throws {
    guard let step = plans[identifier]?.steps[index] else { throw Refusal("the plan is gone") }
    var tries = 0
    repeat {
      try await waitUntilWanted(identifier)
      // Let go of while it is paused: others may leave the host.
      tries = try await locks.withLock(step.from) { [tries] in
        try await self.bring(step, index, of: identifier, after: tries)
      }
    } while plans[identifier]?.steps[index].state != "done"
  }

  /// Returns when the VM is where the step wants it, or is paused before it begins to move.
  ///
  /// - Returns: how often it has been tried by then.
  private func bring(_ step: PlanStep, _ index: Int, of identifier: String, after earlier: Int) async throws -> Int {
    var tries = earlier
    while true {
      try Task.checkCancellation()
      guard case .ready = try await check(step, of: identifier) else {
        await mark(index, of: identifier, "done")
        return tries
      }
      // The wait for its turn, and for hosts, may have been long.
      if pauseReason(of: identifier) != nil { return tries }
      guard tries < 3 else { throw Refusal("\(step.vm) is still at \(step.from) after \(tries) tries") }
      tries += 1
      await mark(index, of: identifier, "running")
      try await migrate(index, of: identifier, attempt: tries)
    }
  }

  private enum Readiness: Sendable { case there, ready }

  /// What speaks for a step and against it, read now; waits while a move of the VM goes on, and a while for hosts that
  /// are silent.
  private func check(_ step: PlanStep, of identifier: String) async throws -> Readiness {
    var polls = 0
    while true {
      let situation = await hosts.situation()
      if situation.moving[step.vm] != nil {
        // However long it takes: that says nothing about its hosts.
        polls = 0
      } else {
        if situation.host(of: step.vm) == step.to { return .there }
        let problem = problem(of: step, in: situation)
        guard let problem else { return .ready }
        // A host that has just lost its connection, or a controller that has just begun, deserves a minute.
        guard problem.mayPass, polls < 120 else { throw Refusal(problem.text) }
      }
      polls += 1
      try await pause(.milliseconds(500))
    }
  }

  private struct Problem {
    var text: String
    var mayPass = false
  }

  private func problem(of step: PlanStep, in situation: Situation) -> Problem? {
    guard let host = situation.host(of: step.vm) else {
      return Problem(
        text: situation.obstacle(of: step.vm) ?? "\(step.vm) can't be moved", mayPass: situation.vms[step.vm] == nil)
    }
    guard host == step.from else {
      return Problem(text: "\(step.vm) is at \(host) now: somebody else has moved it", mayPass: false)
    }
    if let manager = situation.vms[step.vm]?.manager {
      return Problem(text: "\(step.vm) isn't moved: it is managed by \(manager) now")
    }
    guard let site = federation.site(ofHost: step.to) else {
      return Problem(text: "the federation has no host \(step.to) any more")
    }
    let isDrained = site.isDrained || site.hosts.contains { $0.name == step.to && $0.isDrained }
    if isDrained || federation.drained.contains(step.to) { return Problem(text: "\(step.to) is drained") }
    for host in [step.from, step.to] {
      if let hold = situation.holds[host] { return Problem(text: hold.words(of: host)) }
    }
    if !site.isAvailable(at: now()) { return Problem(text: "the site \(site.name) is closed") }
    guard situation.connected.contains(step.to) else {
      return Problem(text: "the agent of \(step.to) is silent", mayPass: true)
    }
    return nil
  }

  /// Why nothing of a plan may begin; nil: it may.
  private func pauseReason(of identifier: String) -> String? {
    paused ?? plans[identifier].flatMap { applications[$0.application]?.paused }
  }

  /// Waits while the application, or everything, is paused.
  private func waitUntilWanted(_ identifier: String) async throws {
    var told = false
    while true {
      guard let record = plans[identifier], applications[record.application] != nil else {
        throw Refusal("its application was removed")
      }
      guard let reason = pauseReason(of: identifier) else { return }
      guard record.expires >= now().nanoseconds else { throw Refusal("it expired while paused: \(reason)") }
      if !told { events.add(.plan, "plan \(identifier) waits: \(reason)", application: record.application) }
      told = true
      try await pause(.milliseconds(500))
    }
  }

  /// Has the VM moved. What became of it is read from the hosts afterwards, not believed.
  private func migrate(_ index: Int, of identifier: String, attempt: Int) async throws {
    guard let record = plans[identifier] else { return }
    let step = record.steps[index]
    let request = MigrateRequest.with {
      $0.vm = step.vm
      $0.to = step.to
    }
    let by = record.decidedBy
    events.add(
      .move, "\(step.vm) begins to move from \(step.from) to \(step.to)\(by.isEmpty ? "" : ", by \(by)"): \(step.why)",
      application: record.application, vm: step.vm, by: by)
    var finished: MoveReport?
    do {
      let stream = try await hosts.migrate(
        request, at: step.from, identifier: "\(identifier)/\(index)/\(attempt)", by: by)
      for try await progress in stream {
        events.add(.move, "", application: record.application, vm: step.vm) { $0.progress = progress }
        switch progress.progress {
        case .preflight(let preflight) where !preflight.problems.isEmpty:
          throw Refusal("\(step.vm) can't be moved to \(step.to): \(preflight.problems.joined(separator: "; "))")
        case .finished(let report): finished = report
        default: break
        }
      }
    } catch let refusal as Refusal {
      throw refusal
    } catch HostCommandError.failed(_, let reason) {
      throw Refusal("\(step.vm) isn't moved to \(step.to): \(reason)")
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      events.add(
        .move, "\(step.vm): \(error); the hosts are asked what became of it", application: record.application,
        level: .warning, vm: step.vm)
      try await pause(.seconds(2))
      return
    }
    try await take(finished, index, of: identifier)
  }

  private func take(_ finished: MoveReport?, _ index: Int, of identifier: String) async throws {
    guard let finished else { return }
    plans[identifier]?.steps[index].move = finished
    guard let record = plans[identifier] else { return }
    let step = record.steps[index]
    guard finished.result == "done" else {
      throw Refusal("\(step.vm)'s move is \(finished.result): \(finished.reason)")
    }
    events.add(
      .move,
      "\(step.vm) is at \(step.to) after \(finished.totalSeconds.rounded(places: 1)) s, "
        + "\(Self.whole(finished.downtimeSeconds * 1000)) ms of them standing still",
      application: record.application, vm: step.vm)
    learn(from: finished, of: step)
    // Until its hosts say so themselves: at the next heartbeat.
    var polls = 0
    while await hosts.situation().host(of: step.vm) != step.to, polls < 60 {
      polls += 1
      try await pause(.milliseconds(250))
    }
  }

  /// Rounded; hosts may send any number.
  static func whole(_ number: Double) -> String { Int64(exactly: number.rounded()).map(String.init) ?? "\(number)" }

  private func mark(_ index: Int, of identifier: String, _ state: String) async {
    plans[identifier]?.steps[index].state = state
    if let record = plans[identifier] { _ = await keep(record).value }
  }
}
