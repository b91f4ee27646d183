import CLibvirt

/// Keeps a hook in place for as long as it is held.
package final class EventSubscription: Sendable {
  private let hub: EventHub
  private let key: Int

  init(hub: EventHub, key: Int) {
    self.hub = hub
    self.key = key
  }

  deinit { hub.remove(key) }
}

extension Connection {
  /// Calls `hook` at each event, in libvirt's event thread and with nothing in between: for what can't wait. It must
  /// be quick and never call libvirt, as every other event of the process waits for it. Ends when the returned value
  /// is released.
  package func onEvent(_ hook: @escaping @Sendable (HypervisorEvent) -> Void) -> EventSubscription {
    EventSubscription(hub: hub, key: hub.add(hook))
  }

  /// The events from now on, none left out; ends after `connectionClosed`. It doesn't keep the connection open.
  package func events() -> AsyncStream<HypervisorEvent> {
    let (stream, continuation) = AsyncStream.makeStream(of: HypervisorEvent.self)
    let key = hub.add { event in
      continuation.yield(event)
      if case .connectionClosed = event.kind { continuation.finish() }
    }
    continuation.onTermination = { [hub] _ in hub.remove(key) }
    return stream
  }
}
