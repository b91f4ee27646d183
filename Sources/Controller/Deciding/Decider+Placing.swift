internal import Foundation
internal import Model
internal import Planning
internal import SwiftProtobuf
internal import Wire

/// First placement: where the VMs of an application that runs nowhere start.
extension Decider {
  /// Finds a place for those that run nowhere and starts them there; others stay where they are, as those of an
  /// `apply` that got no further.
  ///
  /// - Returns: whether all run (or, of a dry run, would); otherwise the reason has been told.
  func place(
    _ application: Application, _ source: ManagedApplication.Source, _ situation: Situation, isDryRun: Bool,
    _ tell: @Sendable (Transhumance_V1_ApplyProgress) async throws -> Void
  ) async throws -> Bool {
    let idle = application.vms.filter { situation.host(of: $0.name) == nil && situation.moving[$0.name] == nil }
    if idle.isEmpty { return true }
    if let obstacle = obstacle(toStarting: idle.map(\.name), in: situation) {
      try await tell(Self.result("refused", obstacle))
      return false
    }
    let names = Set(idle.map(\.name))
    let running = Dictionary(
      uniqueKeysWithValues: application.vms.compactMap { vm in
        situation.host(of: vm.name).map { (vm.name, $0) }
      })
    var room = federation.room(for: names, in: situation, arriving: arriving)
    let rest = application.rest(names, others: running, in: &room)
    let (seconds, at) = (settings.searchSeconds, now())
    let plan: Plan
    do {
      let planner = try Planner(
        federation: room, application: rest, traffic: TrafficMatrix(rows: [], hasWaits: true, windowSeconds: 30),
        windowSeconds: 30, now: at, task: .place)
      plan = try await Task.detached { try planner.plan(within: SearchLimits(seconds: seconds)) }.value
    } catch {
      try await tell(Self.result("refused", "no placement can be found: \(error)"))
      return false
    }
    guard plan.decision == .place else {
      let reasons = [plan.reason] + plan.clash + situation.holdsInWords
      try await tell(Self.result("infeasible", reasons.joined(separator: "; "), plan))
      return false
    }
    if let vm = idle.first(where: { vm in vm.template.flatMap { source.templates[$0] } == nil }) {
      let what = vm.template.map { "its template \($0) wasn't sent" } ?? "it has no template to be started from"
      try await tell(Self.result("refused", "\(vm.name) runs nowhere, and \(what)", plan))
      return false
    }
    for vm in idle {
      let host = plan.placement[vm.name] ?? ""
      try await tell(.with { $0.step = "\(vm.name) \(isDryRun ? "would start" : "starts") at \(host)" })
      if isDryRun { continue }
      do {
        try await hosts.start(
          .with {
            $0.vm = vm.name
            $0.definition = vm.template.flatMap { source.templates[$0] } ?? ""
            $0.addresses = vm.addresses.map { Data($0.octets) }
          }, at: host, identifier: "start/\(application.name)/\(vm.name)/\(at.nanoseconds)", by: source.by ?? "")
      } catch {
        try await tell(
          Self.result(
            "refused", "\(vm.name) can't be started at \(host): \(error); those before it run, and another apply "
              + "starts the others", plan))
        return false
      }
    }
    let person = source.by.map { " by \($0)" } ?? ""
    events.add(
      .application, "\(isDryRun ? "would be placed" : "placed")\(person): \(plan.reason)", application: application.name,
      by: source.by ?? "")
    try await tell(.with { $0.step = plan.reason })
    return true
  }

  /// Why VMs that no host that answers runs can't be started; nil: they can.
  private func obstacle(toStarting names: [String], in situation: Situation) -> String? {
    if let stopped = names.first(where: { situation.vms[$0] != nil }) {
      return "\(situation.obstacle(of: stopped) ?? stopped): start it there, or have it undefined"
    }
    let silent = federation.federation.sites.flatMap(\.hosts).map(\.name)
      .filter { !situation.connected.contains($0) }
    guard !silent.isEmpty else { return nil }
    return "no host that answers has \(names.joined(separator: ", ")), but \(silent.joined(separator: ", ")) "
      + "\(silent.count == 1 ? "is" : "are") silent: they may run there"
  }

  private static func result(_ outcome: String, _ reason: String, _ plan: Plan? = nil) -> Transhumance_V1_ApplyProgress {
    .with {
      $0.result.outcome = outcome
      $0.result.reason = reason
      if let plan { $0.result.placement = json(plan) }
    }
  }
}
