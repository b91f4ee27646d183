import Synchronization

/// Who is told of a connection's events. libvirt's callbacks hold it, not the connection, so that a connection ends
/// when its owner lets go.
final class EventHub: Sendable {
  typealias Hook = @Sendable (HypervisorEvent) -> Void

  private struct State {
    var next = 0
    var hooks: [(key: Int, hook: Hook)] = []
    var callbacks: [Int32] = []
  }
  private let state = Mutex(State())

  /// Calls the hooks, in the order they came, in the caller's thread (libvirt's event thread).
  func publish(_ kind: HypervisorEvent.Kind, at time: ContinuousClock.Instant) {
    // Called outside the lock: a hook may add or remove hooks.
    let hooks = state.withLock { $0.hooks }
    guard !hooks.isEmpty else { return }
    let event = HypervisorEvent(at: time, kind: kind)
    for (_, hook) in hooks { hook(event) }
  }

  func add(_ hook: @escaping Hook) -> Int {
    state.withLock { state in
      state.next += 1
      state.hooks.append((state.next, hook))
      return state.next
    }
  }

  func remove(_ key: Int) {
    state.withLock { $0.hooks.removeAll { $0.key == key } }
  }

  /// libvirt's identifiers of what is registered, to be taken back.
  func keep(callback: Int32) { state.withLock { $0.callbacks.append(callback) } }

  func takeCallbacks() -> [Int32] {
    state.withLock { state in
      defer { state.callbacks = [] }
      return state.callbacks
    }
  }
}
