internal import Libvirt
internal import Logging
internal import Moves
internal import SwiftProtobuf
internal import Wire

/// VMs that run here though the map names another host, as after a loss of state.
extension HostAgent {
  /// Claims those that their host by the map says it doesn't have. Never a VM on a move: its move decides.
  func claimStrays() async {
    // Only who has heard of all peers' epochs may claim.
    guard hasRecovered, contacts.values.allSatisfy({ $0.silence == nil && !$0.needsExchange }),
      contacts.count == peers.count
    else { return }
    for (vm, domain) in domains where domain.state.isRunning && !isOnMove(vm) {
      guard let entry = map[vm], entry.host != name, let peer = peers[entry.host] else { continue }
      let reference = Transhumance_V1_VMReference.with { $0.vm = vm }
      guard let answer = try? await peer.agent.inspect(reference, options: PeerConnection.within(.seconds(3))),
        answer.state == .absent, !isOnMove(vm), map[vm] == entry
      else { continue }
      let claimed = map.claim(vm, by: name)
      logger.warning("\(vm) runs here and not at \(entry.host), which the map names: claimed with epoch \(claimed.epoch)")
      program()
      keep()
      await announce([claimed])
    }
  }

  func isOnMove(_ vm: String) -> Bool { reservations[vm] != nil || moves.isActive(vm) }
}
