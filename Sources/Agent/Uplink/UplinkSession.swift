internal import Synchronization

/// A connection to a controller, from its dialling to its end, and what is heard over it.
final class UplinkSession: Sendable {
  private struct State {
    /// Messages.
    var heard = 0
    var isGreeted = false
    /// The controller says something every second.
    var isPaced = false
    /// Why it has ended; nil: it goes on.
    var end: String?
    var task: Task<Void, Never>?
  }
  private let state = Mutex(State())
  /// Of the controller that was dialled.
  let turn: Int

  init(turn: Int) { self.turn = turn }

  /// - Parameter converse: returns, or throws, when the connection is lost.
  func begin(
    _ converse: @escaping @Sendable (UplinkSession) async throws -> Void,
    reason: @escaping @Sendable (any Error) -> String
  ) {
    let task = Task {
      do {
        try await converse(self)
        end("it ended the connection")
      } catch {
        end(reason(error))
      }
    }
    state.withLock { $0.task = task }
  }

  /// Nothing more comes over it; what it still has to do it does by itself.
  func leave() { state.withLock { $0.task }?.cancel() }

  /// Returns when it is over.
  func settle() async { await state.withLock { $0.task }?.value }

  func hear() { state.withLock { $0.heard += 1 } }

  func greet(isPaced: Bool) { state.withLock { ($0.isGreeted, $0.isPaced) = (true, isPaced) } }

  var heard: Int { state.withLock { $0.heard } }
  var isGreeted: Bool { state.withLock { $0.isGreeted } }
  var isPaced: Bool { state.withLock { $0.isPaced } }
  /// Why it has ended; nil: it goes on.
  var reason: String? { state.withLock { $0.end } }

  private func end(_ reason: String) { state.withLock { $0.end = reason } }
}
