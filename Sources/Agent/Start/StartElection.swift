/// Whether a VM may be started at a host, by what the others say of it. Of hosts that are asked at once to start it,
/// one does.
///
/// Each host first notes that it is starting the VM, which it tells whoever asks, and only then asks all others. So of
/// two at least one hears of the other. Then the one whose name sorts first asks again until the other has the VM or
/// has given up, and the other gives up. (The one-bit algorithm: L. Lamport, The mutual exclusion problem, part II,
/// J. ACM 33(2), 1986.)
package enum StartElection {
  /// What another host says of the VM.
  package enum Answer: Hashable, Sendable {
    case absent
    /// It has it, running or paused.
    case present
    /// It is starting it, or a move brings it there.
    case onItsWay
    /// It can't say.
    case unknown(reason: String)
    /// There is no answer. `isSilent`: nothing else was heard of that host lately either.
    case missing(reason: String, isSilent: Bool)
  }

  package enum Verdict: Hashable, Sendable {
    case goOn
    /// Ask all again; the reason is for whoever has no patience.
    case ask(reason: String)
    case giveUp(reason: String)
  }

  /// - Parameters:
  ///   - host: that is to start it, and has noted so before it asked.
  ///   - owner: the host that has it by the map. Any other one that is silent can't have it, as it would be in the map.
  ///   - answers: of all other hosts.
  package static func verdict(
    on vm: String, at host: String, owner: String?, answers: [String: Answer]
  ) -> Verdict {
    var again: String?
    for (other, answer) in answers.sorted(by: { $0.key < $1.key }) {
      switch answer {
      case .absent: break
      case .present: return .giveUp(reason: "\(vm) is at \(other)")
      case .onItsWay where other < host:
        return .giveUp(reason: "\(vm) is being started at \(other), whose name sorts first, or is on a move to it")
      case .onItsWay: again = again ?? "\(vm) is being started at \(other), or is on a move to it"
      case .unknown(let reason) where other == owner: return .giveUp(reason: unknown(vm, other, reason))
      case .missing(let reason, _) where other == owner: return .giveUp(reason: unknown(vm, other, reason))
      case .missing(let reason, isSilent: false): again = again ?? unknown(vm, other, reason)
      case .unknown, .missing: break
      }
    }
    return again.map { .ask(reason: $0) } ?? .goOn
  }

  private static func unknown(_ vm: String, _ host: String, _ reason: String) -> String {
    "whether \(vm) runs at \(host) isn't known: \(reason)"
  }
}
