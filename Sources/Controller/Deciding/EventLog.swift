package import Logging
package import Model
internal import Storage
internal import SwiftProtobuf
internal import Synchronization
package import Wire

/// What has happened, for operators: all that the store keeps, also of earlier controllers, and a stream of what comes.
package final class EventLog: Sendable {
  private struct State {
    var events: [ControllerEvent] = []
    var followers: [Int: AsyncStream<ControllerEvent>.Continuation] = [:]
    var next = 0
  }
  private let state = Mutex(State())
  private let logger: Logger
  private let now: @Sendable () -> Timestamp
  private let keep: @Sendable (ControllerEvent) -> Void

  /// Events that are remembered.
  package static let capacity = StoredEvent.retained
  /// Events that a follower may be behind, besides those; older ones are lost to it.
  private static let backlog = 10_000

  /// - Parameter keep: takes each event that is worth remembering beyond this process; it must neither wait nor tell one.
  package init(
    logger: Logger, now: @escaping @Sendable () -> Timestamp,
    keep: @escaping @Sendable (ControllerEvent) -> Void = { _ in }
  ) {
    self.logger = logger
    self.now = now
    self.keep = keep
  }

  /// Kept by a store, in the order of their coming.
  convenience init(
    store: any Store, writes: OrderedWrites, logger: Logger, now: @escaping @Sendable () -> Timestamp
  ) {
    self.init(logger: logger, now: now) { event in
      writes.add {
        do {
          try await store.append([StoredEvent(time: Timestamp(nanoseconds: event.time), content: event.serializedData())])
        } catch {
          // An event about it would be one more that can't be kept.
          logger.error("an event can't be kept: \(error)")
        }
      }
    }
  }

  /// Those of earlier controllers, the oldest first; before any of this one.
  package func remember(_ earlier: [ControllerEvent]) {
    state.withLock { $0.events = earlier.suffix(Self.capacity) + $0.events }
  }

  /// Events that are remembered now.
  package var count: Int { state.withLock { $0.events.count } }

  package enum Level: String, Sendable { case info, warning, error }

  package enum Kind: String, CaseIterable, Sendable {
    case period, groups, decision, plan, move, verified, host, federation, application, controller
  }

  /// - Parameters:
  ///   - by: who wanted it; empty: nobody asked.
  ///   - fill: more of the event than its text.
  package func add(
    _ kind: Kind, _ text: String, application: String = "", level: Level = .info, vm: String = "", by: String = "",
    fill: (inout ControllerEvent) -> Void = { _ in }
  ) {
    var event = ControllerEvent()
    event.time = now().nanoseconds
    event.kind = kind.rawValue
    event.application = application
    event.level = level.rawValue
    event.text = text
    event.vm = vm
    event.by = by
    fill(&event)
    // As large as all the rest, and of use to nobody who follows.
    if event.hasPlan { event.plan.document = "" }
    let isProgress = event.hasProgress && event.text.isEmpty
    if !isProgress {
      logger.log(
        level: Logger.Level(rawValue: level.rawValue) ?? .info, "\(text)",
        metadata: application.isEmpty ? nil : ["application": "\(application)"])
    }
    state.withLock { state in
      // A bar that was drawn is of no use later.
      if !isProgress { state.events.append(event) }
      if state.events.count > Self.capacity { state.events.removeFirst(state.events.count - Self.capacity) }
      for follower in state.followers.values { follower.yield(event) }
      // In the same order as here; it only queues.
      if !isProgress { keep(event) }
    }
  }

  /// Those since then that are remembered and, if wanted, all that come.
  package func events(since: Timestamp, follow: Bool) -> AsyncStream<ControllerEvent> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: ControllerEvent.self, bufferingPolicy: .bufferingNewest(Self.capacity + Self.backlog))
    state.withLock { state in
      for event in state.events where event.time >= since.nanoseconds { continuation.yield(event) }
      guard follow else { return continuation.finish() }
      let number = state.next
      state.next += 1
      state.followers[number] = continuation
      continuation.onTermination = { [weak self] _ in
        _ = self?.state.withLock { $0.followers.removeValue(forKey: number) }
      }
    }
    return stream
  }
}
