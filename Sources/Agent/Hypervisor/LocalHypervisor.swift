internal import Libvirt
internal import Logging
internal import Synchronization

/// The hypervisor of this host, connected anew whenever the connection was lost.
final class LocalHypervisor: Sendable {
  /// Why nothing can be asked now.
  struct Lost: Error, CustomStringConvertible {
    var reason: String
    var description: String { "the hypervisor can't be reached: \(reason)" }
  }

  private enum State {
    case lost(reason: String)
    case connected(Connection, EventSubscription)
  }
  private let state = Mutex(State.lost(reason: "not connected yet"))
  private let uri: String
  private let logger: Logger

  init(uri: String, logger: Logger) {
    self.uri = uri
    self.logger = logger
  }

  /// The connection in force.
  func connection() throws(Lost) -> Connection {
    switch state.withLock({ $0 }) {
    case .connected(let connection, _): return connection
    case .lost(let reason): throw Lost(reason: reason)
    }
  }

  /// Runs a call that may block in a thread of its own.
  func call<Value: Sendable>(_ body: @escaping @Sendable (Connection) throws -> Value) async throws -> Value {
    let connection = try connection()
    return try await DedicatedThread.run { () throws(LibvirtError) -> Result<Value, any Error> in
      Result { try body(connection) }
    }.get()
  }

  /// Keeps a connection until cancelled. `onEvent` is called in libvirt's own thread; `onConnected` each time there is a
  /// new connection, after which whatever happened meanwhile must be read anew.
  func run(
    onEvent: @escaping @Sendable (HypervisorEvent) -> Void, onConnected: @escaping @Sendable () async -> Void
  ) async {
    while !Task.isCancelled {
      do {
        let uri = uri
        let connection = try await DedicatedThread.run { () throws(LibvirtError) in try Connection(uri: uri) }
        let subscription = connection.onEvent(onEvent)
        let events = connection.events()
        state.withLock { $0 = .connected(connection, subscription) }
        logger.info("connected to \(uri)")
        await onConnected()
        for await event in events {
          guard case .connectionClosed(let reason) = event.kind else { continue }
          logger.warning("the connection to \(uri) is gone: \(reason)")
          state.withLock { $0 = .lost(reason: "the connection to \(uri) was lost") }
        }
      } catch {
        state.withLock { $0 = .lost(reason: String(describing: error)) }
      }
      try? await Task.sleep(for: .milliseconds(500))
    }
  }
}
