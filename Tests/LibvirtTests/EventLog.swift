import Libvirt
import Synchronization

/// The events of a connection, in order, to be waited for.
final class EventLog: Sendable {
  private let events: Mutex<[HypervisorEvent]> = Mutex([])
  private let arrived: AsyncStream<Void>.Continuation
  private let arrivals: AsyncStream<Void>
  private let subscription: Mutex<EventSubscription?> = Mutex(nil)

  init(_ connection: Connection) {
    (arrivals, arrived) = AsyncStream.makeStream()
    let subscription = connection.onEvent { [weak self] event in
      self?.events.withLock { $0.append(event) }
      self?.arrived.yield()
    }
    self.subscription.withLock { $0 = subscription }
  }

  var all: [HypervisorEvent] { events.withLock { $0 } }

  /// The lifecycle of all domains so far.
  var lifecycle: [Lifecycle] {
    all.compactMap { event in
      guard case .lifecycle(_, let lifecycle) = event.kind else { return nil }
      return lifecycle
    }
  }

  /// The first event that `matches`, once it is there; one consumer at a time. Bounded by the test's time limit.
  func first(where matches: (HypervisorEvent) -> Bool) async -> HypervisorEvent? {
    if let event = all.first(where: matches) { return event }
    for await _ in arrivals {
      if let event = all.first(where: matches) { return event }
    }
    return nil
  }

  func first(_ wanted: Lifecycle) async -> HypervisorEvent? {
    await first { event in
      guard case .lifecycle(_, let lifecycle) = event.kind else { return false }
      return lifecycle == wanted
    }
  }
}
