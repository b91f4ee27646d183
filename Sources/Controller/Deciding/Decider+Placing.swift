internal import Foundation
internal import Model
internal import Planning
internal import SwiftProtobuf
internal import Wire

/// First placement: where the VMs of an application that runs nowhere start.
extension Decider {
  /// Finds a place for all of them and starts them there.
  ///
  /// - Returns: whether they run (or, of a dry run, would); otherwise the reason has been told.
  func place(
    _ application: Application, _ source: ManagedApplication.Source, _ situation: Situation, isDryRun: Bool,
    _ tell: @Sendable (Transhumance_V1_ApplyProgress) async throws -> Void
  ) async throws -> Bool {
    var unplaced = application
    for index in unplaced.vms.indices { unplaced.vms[index].host = nil }
    let room = federation.room(for: Set(application.vms.map(\.name)), in: situation, arriving: arriving)
    let (seconds, at) = (settings.searchSeconds, now())
    let plan: Plan
    do {
      let planner = try Planner(
        federation: room, application: unplaced, traffic: TrafficMatrix(rows: [], hasWaits: true, windowSeconds: 30),
        windowSeconds: 30, now: at, task: .place)
      plan = try await Task.detached { try planner.plan(within: SearchLimits(seconds: seconds)) }.value
    } catch {
      try await tell(Self.result("refused", "no placement can be found: \(error)"))
      return false
    }
    guard plan.decision == .place else {
      try await tell(Self.result("infeasible", ([plan.reason] + plan.clash).joined(separator: "; "), plan))
      return false
    }
    if let vm = application.vms.first(where: { vm in vm.template.flatMap { source.templates[$0] } == nil }) {
      let what = vm.template.map { "its template \($0) wasn't sent" } ?? "it has no template to be started from"
      try await tell(Self.result("refused", "\(vm.name) runs nowhere, and \(what)", plan))
      return false
    }
    for vm in application.vms {
      let host = plan.placement[vm.name] ?? ""
      try await tell(.with { $0.step = "\(vm.name) \(isDryRun ? "would start" : "starts") at \(host)" })
      if isDryRun { continue }
      do {
        try await hosts.start(
          .with {
            $0.vm = vm.name
            $0.definition = vm.template.flatMap { source.templates[$0] } ?? ""
            $0.addresses = vm.addresses.map { Data($0.octets) }
          }, at: host, identifier: "start/\(application.name)/\(vm.name)/\(at.nanoseconds)")
      } catch {
        try await tell(
          Self.result("refused", "\(vm.name) can't be started at \(host): \(error); those before it run", plan))
        return false
      }
    }
    events.add(.application, "\(isDryRun ? "would be placed" : "placed"): \(plan.reason)", application: application.name)
    try await tell(.with { $0.step = plan.reason })
    return true
  }

  private static func result(_ outcome: String, _ reason: String, _ plan: Plan? = nil) -> Transhumance_V1_ApplyProgress {
    .with {
      $0.result.outcome = outcome
      $0.result.reason = reason
      if let plan { $0.result.placement = json(plan) }
    }
  }
}
