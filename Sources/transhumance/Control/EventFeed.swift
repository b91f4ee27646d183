import Model
import Synchronization
import Wire

/// The events that a command shows, over one connection to the controller after another.
final class EventFeed: Sendable {
  private struct State {
    var position: EventPosition
    var hasBegun = false
    /// Why nothing comes has been said.
    var isAway = false
    /// Since the controller was last left.
    var hasEntered = false
  }
  private let state: Mutex<State>
  private let show: @Sendable (ControllerEvent) throws -> Void

  /// - Parameters:
  ///   - since: earlier events aren't asked for; nil: all that are kept.
  ///   - show: takes each event, once.
  init(since: Timestamp?, show: @escaping @Sendable (ControllerEvent) throws -> Void) {
    state = Mutex(State(position: EventPosition(time: since?.nanoseconds ?? 0)))
    self.show = show
  }

  /// What to ask for: events of this time and later, nanoseconds since 1970 UTC.
  var since: Int64 { state.withLock { $0.position.time } }

  /// Whether the controller was there once.
  var hasBegun: Bool { state.withLock { $0.hasBegun } }

  /// The controller answers.
  func enter() {
    let wasAway = state.withLock { state in
      defer { (state.hasBegun, state.hasEntered, state.isAway) = (true, true, false) }
      return state.isAway
    }
    if wasAway { Terminal.printLine("the controller is back") }
  }

  /// The controller has gone, or still isn't there, which is said once.
  /// - Returns: whether it was there since the last time.
  func leave() -> Bool {
    let (wasAway, hadEntered) = state.withLock { state in
      defer { (state.isAway, state.hasEntered) = (true, false) }
      return (state.isAway, state.hasEntered)
    }
    if !wasAway { Terminal.printWarning("the controller is away: waiting for it (Ctrl-C ends this)") }
    return hadEntered
  }

  func take(_ event: ControllerEvent) throws {
    guard state.withLock({ $0.position.take(event) }) else { return }
    try show(event)
  }
}

/// How far a feed of events has come, so that it can go on after a break without one that was there already.
struct EventPosition {
  /// Of the latest event, or where the feed begins; nanoseconds since 1970 UTC.
  private(set) var time: Int64
  /// Events of that time: they come again when it is asked for.
  private var latest: Set<ControllerEvent> = []

  init(time: Int64) {
    self.time = time
  }

  /// - Returns: whether the event is new.
  mutating func take(_ event: ControllerEvent) -> Bool {
    // Events that are added at once may come in either order.
    if event.time < time { return true }
    if event.time > time { (time, latest) = (event.time, []) }
    return latest.insert(event).inserted
  }
}
