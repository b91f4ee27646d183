internal import Synchronization

/// The loop that dials and the connection have it in common.
final class SharedRedialling: Sendable {
  private let state: Mutex<Redialling>

  init(controllers: Int) { state = Mutex(Redialling(controllers: controllers)) }

  var turn: Int { state.withLock { $0.turn } }
  func greet(turn: Int) -> Bool { state.withLock { $0.greet(turn: turn) } }
  func prove() -> Bool { state.withLock { $0.prove() } }
  func isNews(_ reason: String) -> Bool { state.withLock { $0.isNews(reason) } }

  /// - Returns: how long to wait, and whether it is to be told.
  func lose(because reason: String) -> (wait: Duration, isTold: Bool) {
    state.withLock { state in
      var generator = SystemRandomNumberGenerator()
      return state.lose(because: reason, using: &generator)
    }
  }
}
