internal import Libvirt
internal import Logging

/// What was last read of a domain of this host.
struct DomainSnapshot: Sendable {
  var state: DomainState
  var vcpus: Int
  var memory: UInt64
  /// Who else moves it; nil: nobody that this host can tell.
  var manager: OtherManager?

  /// As operators read it.
  var word: String {
    switch state {
    case .none: "none"
    case .running, .blocked: "running"
    case .paused: "paused"
    case .shuttingDown: "shutting down"
    case .shutOff(.failed), .shutOff(.crashed), .crashed: "lost"
    case .shutOff: "off"
    case .suspendedByGuest: "asleep"
    case .other: "unknown"
    }
  }
}

extension HostAgent {
  /// Reads one domain anew.
  func refresh(_ vm: String) async {
    do {
      let snapshot = try await hypervisor.call { try Self.snapshot(of: vm, at: $0) }
      note(snapshot, of: vm)
    } catch {
      logger.warning("\(vm) can't be read: \(error)")
    }
  }

  /// Reads all domains anew, as after a connection was lost.
  func refreshAll() async {
    do {
      let all = try await hypervisor.call { connection in
        var all: [String: DomainSnapshot] = [:]
        let pacemaker = ManagerTraces().pacemakerDomains
        for domain in try connection.domains() {
          all[domain.name] = try? Self.snapshot(of: domain, pacemaker)
        }
        return all
      }
      for vm in Set(domains.keys).subtracting(all.keys) { note(nil, of: vm) }
      for (vm, snapshot) in all { note(snapshot, of: vm) }
    } catch {
      logger.warning("the domains can't be read: \(error)")
    }
  }

  private func note(_ snapshot: DomainSnapshot?, of vm: String) {
    let before = domains[vm]?.word
    let manager = domains[vm]?.manager
    domains[vm] = snapshot
    if snapshot?.manager != nil, snapshot?.manager != manager { tellManager(of: vm) }
    let after = snapshot?.word
    guard before != after else { return }
    let level: Logger.Level = after == "lost" ? .error : .info
    logger.log(level: level, "\(vm) is \(after ?? "gone from this host")")
  }

  private static func snapshot(of vm: String, at connection: Connection) throws -> DomainSnapshot? {
    try connection.domain(named: vm).flatMap { try snapshot(of: $0, ManagerTraces().pacemakerDomains) }
  }

  private static func snapshot(of domain: Domain, _ pacemaker: Set<String>) throws -> DomainSnapshot? {
    do {
      let usage = try domain.usage()
      return DomainSnapshot(
        state: try domain.state(), vcpus: usage.vcpus, memory: usage.maximumMemoryKiB << 10,
        manager: manager(of: domain, pacemaker))
    } catch  where error.code == .noDomain {
      return nil
    }
  }
}
