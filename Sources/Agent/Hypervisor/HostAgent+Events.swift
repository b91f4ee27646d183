internal import Libvirt
internal import Logging
internal import Moves
internal import Wire

extension HostAgent {
  /// What the hypervisor tells by itself, in its order. The stop of a migration comes first in everything.
  func handle(_ event: HypervisorEvent) {
    switch event.kind {
    case .lifecycle(let domain, let change):
      let vm = domain.name
      logger.debug("\(vm): \(change)")
      // So late, it may be true no more. The end of the migration tells, too.
      if case .suspended(.migrated) = change, .now - event.at < .seconds(1), let move = moves.active(vm) {
        feed(move, .stopped)
      }
      if case .resumed(.migrated) = change { tellArrival(of: vm) }
      Task {
        await refresh(vm)
        if reservations[vm] != nil { await readIncoming(vm) }
      }
    case .migrationIteration(let domain, let round):
      if let move = moves.active(domain.name) { feed(move, .iteration(round)) }
    case .jobCompleted(let domain, let statistics):
      if let move = moves.active(domain.name), statistics.isComplete { moves.running[move]?.copied = statistics }
    case .connectionClosed: break
    }
  }

  /// The source learns before its hypervisor does.
  private func tellArrival(of vm: String) {
    guard let request = reservations[vm]?.move.request, let peer = peers[request.from] else { return }
    Task { _ = try? await peer.agent.arrived(.init(request), options: PeerConnection.within(.seconds(2))) }
  }
}
