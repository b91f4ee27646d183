internal import Model
internal import Synchronization
internal import Wire

/// Tells operators which hosts come and go, and which are held; and the loop when that changes.
package final class HostWatch: Sendable {
  private let registry: HostRegistry
  private let events: EventLog
  /// A host that is back sooner hasn't been away: connections are dialled anew.
  private static let patience = Duration.seconds(5)
  private let pause: @Sendable (Duration) async throws -> Void
  /// Whether a host is there, as operators have been told last.
  private let told = Mutex<[String: Bool]>([:])
  /// Of each host that has told its state, as it was told last; nil in it: it isn't held.
  private let holds = Mutex<[String: HostHold?]>([:])
  private let heldOrLetGo: @Sendable () async -> Void
  /// Hosts with wrong clocks that operators have been told of.
  private let wrongClocks = Mutex<Set<String>>([])

  /// - Parameters:
  ///   - pause: waits; injected, so that tests need no real time.
  ///   - heldOrLetGo: a host that wasn't held is, or the other way round; not of what is heard first of a host.
  package init(
    registry: HostRegistry, events: EventLog,
    pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
    heldOrLetGo: @escaping @Sendable () async -> Void = {}
  ) {
    (self.registry, self.events, self.pause, self.heldOrLetGo) = (registry, events, pause, heldOrLetGo)
  }

  /// Until cancelled.
  ///
  /// - Parameter changes: the registry's, from before hosts can connect: what comes before is told to nobody.
  package func run(_ changes: AsyncStream<HostChange>) async {
    await withDiscardingTaskGroup { group in
      for await change in changes {
        switch change {
        case .connected(let host):
          note(host, isThere: true, "")
        case .disconnected(let host, let reason):
          group.addTask { [self] in
            guard (try? await pause(Self.patience)) != nil, await registry.host(host)?.isConnected == false else { return }
            note(host, isThere: false, reason)
            // It may have come back just now.
            if await registry.host(host)?.isConnected == true { note(host, isThere: true, "") }
          }
        case .reported(let host): await noteHold(of: host)
        case .clock(let host, let problem): noteClock(of: host, problem)
        }
      }
      group.cancelAll()
    }
  }

  private func noteClock(of host: String, _ problem: String?) {
    let isNews = wrongClocks.withLock { hosts in
      problem == nil ? hosts.remove(host) != nil : hosts.insert(host).inserted
    }
    guard isNews else { return }
    if let problem {
      events.add(
        .host, "reports of \(host) are refused until its clock is right: \(problem)", level: .warning)
    } else {
      events.add(.host, "the clock of \(host) is right again: its reports are taken")
    }
  }

  private func noteHold(of host: String) async {
    let hold = await registry.host(host)?.report?.held
    let known = holds.withLock { $0.updateValue(hold, forKey: host) }
    let before = known ?? nil
    guard before != hold else { return }
    if let hold {
      events.add(.host, hold.words(of: host), level: .warning, by: hold.by)
    } else {
      events.add(.host, "\(host) isn't held any more")
    }
    if known != nil, (before == nil) != (hold == nil) { await heldOrLetGo() }
  }

  private func note(_ host: String, isThere: Bool, _ reason: String) {
    let before = told.withLock { $0.updateValue(isThere, forKey: host) }
    guard before != isThere else { return }
    if isThere {
      events.add(.host, "\(host) is \(before == nil ? "connected" : "back")")
    } else {
      events.add(.host, "\(host) is silent: \(reason)", level: .warning)
    }
  }
}
