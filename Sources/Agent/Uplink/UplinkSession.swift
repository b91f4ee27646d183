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
    /// Of those who wait for its end.
    var watchers: [AsyncStream<Never>.Continuation] = []
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

  /// Returns when it is over and nothing of it is left.
  func settle() async { await state.withLock { $0.task }?.value }

  /// Returns when it is over, or the waiting is cancelled.
  func ended() async {
    let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
    let isOver = state.withLock { state in
      if state.end == nil { state.watchers.append(continuation) }
      return state.end != nil
    }
    if isOver { continuation.finish() }
    for await _ in stream {}
  }

  func hear() { state.withLock { $0.heard += 1 } }

  func greet(isPaced: Bool) { state.withLock { ($0.isGreeted, $0.isPaced) = (true, isPaced) } }

  var heard: Int { state.withLock { $0.heard } }
  var isGreeted: Bool { state.withLock { $0.isGreeted } }
  var isPaced: Bool { state.withLock { $0.isPaced } }
  /// Why it has ended; nil: it goes on.
  var reason: String? { state.withLock { $0.end } }

  private func end(_ reason: String) {
    let watchers = state.withLock { state in
      state.end = reason
      defer { state.watchers = [] }
      return state.watchers
    }
    for watcher in watchers { watcher.finish() }
  }
}
