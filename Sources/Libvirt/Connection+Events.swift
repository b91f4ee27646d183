import CLibvirt

/// Keeps a hook in place, and its connection open, for as long as it is held.
package final class EventSubscription: Sendable {
  private let connection: Connection
  private let key: Int

  init(connection: Connection, key: Int) {
    self.connection = connection
    self.key = key
  }

  deinit { connection.hub.remove(key) }
}

extension Connection {
  /// Calls `hook` at each event, in libvirt's event thread and with nothing in between: for what can't wait. It must
  /// be quick and never call libvirt, as every other event of the process waits for it. Ends when the returned value
  /// is released.
  package func onEvent(_ hook: @escaping @Sendable (HypervisorEvent) -> Void) -> EventSubscription {
    EventSubscription(connection: self, key: hub.add(hook))
  }

  /// The events from now on, none left out; ends after `connectionClosed`. Keeps the connection open until the stream
  /// is let go.
  package func events() -> AsyncStream<HypervisorEvent> {
    let (stream, continuation) = AsyncStream.makeStream(of: HypervisorEvent.self)
    let subscription = onEvent { event in
      continuation.yield(event)
      if case .connectionClosed = event.kind { continuation.finish() }
    }
    // Runs once and is then forgotten, so what it holds goes with it.
    continuation.onTermination = { _ in withExtendedLifetime(subscription) {} }
    return stream
  }
}
