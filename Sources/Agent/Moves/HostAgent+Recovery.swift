internal import Foundation
internal import Linux
internal import Logging
internal import Model
internal import Moves

/// Going on after a restart with what the journal says.
extension HostAgent {
  /// Before the kernel is touched: taps of moves that go on stay as they are.
  func restorePhases(_ records: [JournalRecord], found: ActualFabric?) {
    map.restore(from: records)
    for records in JournalRecord.open(records) {
      guard let first = records.first, let entry = map[first.request.vm] else { continue }
      switch first.role {
      case .destination: phases.stage(entry.vm)
      case .source: if isFenced(entry, found) { phases.fence(entry.vm) }
      }
    }
  }

  /// Once, when the hypervisor can be asked.
  func recoverOnce(_ records: [JournalRecord], found: ActualFabric?) async {
    guard !hasRecovered else { return }
    await recover(records, found: found)
    hasRecovered = true
  }

  /// Called once, after the kernel was read and before it is touched.
  /// - Parameter found: the kernel's fabric as the agent before this one has left it.
  private func recover(_ records: [JournalRecord], found: ActualFabric?) async {
    let open = JournalRecord.open(records)
    guard !open.isEmpty else { return }
    // What was announced and is newer than the map on the disk is learnt from whoever can be reached.
    await withTaskGroup { group in
      for peer in peers.values { group.addTask { await self.contact(peer) } }
    }
    for records in open {
      guard let request = records.first?.request, let entry = map[request.vm] else { continue }
      logger.notice("goes on with \(request.identifier), of an agent that ended during the move")
      if let (move, actions) = IncomingMove.recovered(from: records, entry: entry, at: .now) {
        let held = HeldReservation(
          move, vcpus: domains[request.vm]?.vcpus ?? 0, memory: domains[request.vm]?.memory ?? 0)
        reservations[request.vm] = held
        // It may wait for a hypervisor that isn't there yet, and this is called by whoever connects to it.
        Task { await perform(actions, of: held) }
      } else if let (move, actions) = Move.recovered(
        from: records, entry: entry, isFenced: isFenced(entry, found), at: .now)
      {
        let run = RunningMove(move)
        moves.add(run)
        for action in actions { perform(action, of: run) }
      }
    }
  }

  /// Whether the kernel sends the VM's frames elsewhere; true where in doubt.
  private func isFenced(_ entry: FabricEntry, _ found: ActualFabric?) -> Bool {
    guard let found else { return true }
    return entry.interfaces.contains { interface in
      guard let network = configuration.networks.first(where: { $0.name == interface.network }),
        case .bridgeEntry(let bridgeEntry) = found.objects[.bridgeEntry(network.number, interface.mac)]
      else { return true }
      return bridgeEntry.port != .tap
    }
  }
}
