internal import Foundation
internal import Model
internal import Planning
internal import SwiftProtobuf
package import Wire

/// What operators do besides approving: pause, drain, look.
extension Decider {
  /// Begins nothing more, of one application or (empty) of all; moves that have begun go on to their end.
  ///
  /// - Parameter by: who asks; empty: not known.
  package func setPause(_ request: Transhumance_V1_PauseRequest, by: String = "") async throws(Refusal) {
    let words = request.reason.onOneLine
    let unexplained = "paused by \(by.isEmpty ? "an operator" : by)"
    let explained = by.isEmpty ? words : "\(words) (by \(by))"
    let reason = request.resume ? nil : (words.isEmpty ? unexplained : explained)
    let name = request.application
    if name.isEmpty {
      paused = reason
      try await keep(setting: "paused", reason.map { Data($0.utf8) })
    } else {
      guard var managed = applications[name] else {
        throw Refusal("there is no application \"\(name)\"; `transhumance get applications` lists all")
      }
      managed.paused = reason
      applications[name] = managed
      guard await keep(managed).value else {
        throw Refusal(
          "\(name): it is in force, but can't be recorded, and is lost with this controller; see `transhumance events`")
      }
    }
    let goesOn = " goes on\(by.isEmpty ? "" : ", as \(by) wants it")"
    events.add(
      .application, (name.isEmpty ? "everything" : name) + (reason.map { " is paused: \($0)" } ?? goesOn),
      application: name, by: by)
    if reason == nil { Task { await considerAll() } }
  }

  /// Has a host left by all VMs that it has, or (`undo`) takes it into use again.
  ///
  /// - Parameter by: who asks; empty: not known.
  package func drain(
    _ request: Transhumance_V1_DrainRequest, by: String = ""
  ) async throws(Refusal) -> Transhumance_V1_DrainReply {
    let host = request.host
    let known = federation.federation.sites.flatMap(\.hosts).map(\.name)
    guard known.contains(host) else {
      throw Refusal("there is no host \"\(host)\"; those of the federation are \(known.joined(separator: ", "))")
    }
    var reply = Transhumance_V1_DrainReply()
    if !request.undo {
      let wanted = FederationInForce(federation: federation.federation, drained: federation.drained.union([host]))
      (reply.plans, reply.problems) = await consequences(of: wanted, for: host)
    }
    guard !request.dryRun else { return reply }
    // As it is now: others may have drained, or edited the file, meanwhile.
    var drained = federation.drained
    if request.undo { drained.remove(host) } else { drained.insert(host) }
    federation = FederationInForce(federation: federation.federation, drained: drained)
    // In force, recorded or not.
    endRests()
    defer { Task { await considerAll() } }
    drainedBy[host] = request.undo || by.isEmpty ? nil : by
    try await keep(setting: "drained", drained.isEmpty ? nil : try? JSONEncoder().encode(drained.sorted()))
    try await keep(setting: "drainedBy", drainedBy.isEmpty ? nil : try? JSONEncoder().encode(drainedBy))
    let person = by.isEmpty ? "" : " by \(by)"
    events.add(
      .host, request.undo ? "\(host) is taken into use again\(person)" : "\(host) is drained\(person): its VMs are to leave it",
      by: by)
    return reply
  }

  /// What the loop would do, with the data that there is now.
  private func consequences(
    of wanted: FederationInForce, for host: String
  ) async -> (plans: [PlanRecord], problems: [String]) {
    let situation = await hosts.situation()
    let periods = await held()
    var owned: Set<String> = []
    var plans: [PlanRecord] = []
    var problems: [String] = []
    if !situation.connected.contains(host) { problems.append("\(host) is silent: what runs there isn't known") }
    if let hold = situation.holds[host] {
      problems.append("\(hold.words(of: host)); until that ends nothing leaves it")
    }
    for (name, managed) in applications.sorted(by: { $0.key < $1.key }) {
      owned.formUnion(managed.application.vms.map(\.name))
      let there = managed.application.vms.filter { situation.host(of: $0.name) == host }
      guard !there.isEmpty else { continue }
      for vm in there {
        guard let manager = vm.managedBy ?? situation.vms[vm.name]?.manager else { continue }
        problems.append("\(vm.name) is managed by \(manager) and stays: have it moved there")
      }
      do {
        var deliberation = Deliberation(
          application: managed.application, federation: wanted, situation: situation, arriving: arriving,
          settings: settings, now: now())
        let window = try DecisionWindow(
          of: periods, for: deliberation.known, since: managed.since, settings: settings)
        deliberation.application = known(of: managed, on: window)
        (deliberation.calibration, deliberation.moveRates) = (calibrations[name], moveRates.byPair)
        let decision = await Task.detached { [deliberation] in deliberation.decide(on: window) }.value
        if case .move(let plan) = decision.outcome {
          plans.append(
            .with {
              $0.application = name
              $0.state = managed.application.mode.rawValue
              $0.reason = plan.reason
              $0.steps = plan.moves.map { PlanStep($0) }
            })
        } else {
          problems.append("\(name): \(decision.reason)")
        }
      } catch {
        problems.append("\(name): \(error.reason)")
      }
      if managed.application.mode != .automatic {
        problems.append("\(name) is in mode \(managed.application.mode.rawValue): its moves wait for `transhumance approve`")
      }
    }
    for (vm, place) in situation.vms.sorted(by: { $0.key < $1.key }) where place.host == host && !owned.contains(vm) {
      problems.append(
        place.manager.map { "\(vm) belongs to no application and is managed by \($0): have it moved there" }
          ?? "\(vm) belongs to no application: `transhumance migrate \(vm) --to HOST` moves it")
    }
    for stranger in situation.strangers[host] ?? [] {
      problems.append(
        stranger.manager.map { "\(stranger.name) is managed by \($0) and stays: have it moved there" }
          ?? "\(stranger.name) is on no network of the federation and stays: stop it, or move it by hand")
    }
    return (plans, problems)
  }

  /// Everything as it is now.
  package func overview(_ request: Transhumance_V1_OverviewRequest) async -> OverviewReply {
    let known = await hosts.hosts()
    let situation = Situation(known)
    var reply = OverviewReply()
    let wanted = { (name: String) in request.application.isEmpty || name == request.application }
    reply.applications = applications.sorted { $0.key < $1.key }.filter { wanted($0.key) }
      .map { status(of: $0.value, situation) }
    reply.plans = plans.values.sorted { ($0.created, $0.identifier) < ($1.created, $1.identifier) }
      .filter { wanted($0.application) && (request.plan.isEmpty || $0.identifier == request.plan) }
      .map { record in
        var record = record
        if request.plan.isEmpty { record.document = "" }
        return record
      }
    let drained = federation.drained
    let sites = federation.federation.sitesOfHosts
    reply.sites = federation.sites(known, in: situation, at: now())
    reply.hosts = known.map { host in
      var host = host
      host.site = sites[host.name] ?? ""
      host.drained = drained.contains(host.name)
      return host
    }
    reply.paused = paused ?? ""
    reply.federationProblem = federationProblem ?? ""
    reply.latestPeriod = latestPeriod?.start.nanoseconds ?? 0
    reply.periodNanoseconds = latestPeriod?.length ?? 0
    return reply
  }

  private func status(of managed: ManagedApplication, _ situation: Situation) -> ApplicationStatus {
    let application = managed.application
    return .with {
      $0.name = application.name
      $0.owner = application.owner ?? ""
      $0.mode = application.mode.rawValue
      $0.objective = application.objective.rawValue
      $0.paused = managed.paused ?? ""
      $0.problem = managed.problem ?? ""
      $0.vms = application.vms.map(\.name)
      $0.hosts = application.vms.map { situation.host(of: $0.name) ?? "" }
      $0.groups = (managed.latest?.grouping?.members ?? []).map { group in
        .with { $0.vms = group.map(\.description) }
      }
      $0.grouping = managed.latest?.grouping?.outcome.rawValue ?? ""
      $0.decision = managed.latest?.word ?? ""
      $0.reason = managed.latest?.reason ?? ""
      $0.decided = managed.decided?.nanoseconds ?? 0
      $0.messageRate = managed.latest?.messageRate ?? 0
      $0.knowledge = Knowledge(managed.latest, calibrations[application.name]).json
    }
  }
}
