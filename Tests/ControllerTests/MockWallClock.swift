import Controller
import Model
import Synchronization

/// A clock that stands still until it is set.
final class MockWallClock: WallClock {
  private struct State {
    var now: Timestamp
    var number = 0
    var sleepers: [Int: (until: Timestamp, continuation: CheckedContinuation<Void, any Error>)] = [:]
    /// Of those who wait until somebody sleeps.
    var watchers: [CheckedContinuation<Void, Never>] = []
  }

  private let state: Mutex<State>

  /// - Parameter seconds: after 1970.
  init(seconds: Double) { state = Mutex(State(now: Timestamp(seconds: seconds))) }

  var now: Timestamp { state.withLock { $0.now } }

  func set(seconds: Double) {
    let due = state.withLock { state in
      state.now = Timestamp(seconds: seconds)
      let due = state.sleepers.filter { $0.value.until <= state.now }
      for number in due.keys { state.sleepers[number] = nil }
      return due.values.map(\.continuation)
    }
    for continuation in due { continuation.resume() }
  }

  func sleep(until instant: Timestamp) async throws {
    let number = state.withLock { state in
      state.number += 1
      return state.number
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let (result, watchers) = state.withLock {
          state -> (Result<Void, any Error>?, [CheckedContinuation<Void, Never>]) in
          if Task.isCancelled { return (.failure(CancellationError()), []) }
          if instant <= state.now { return (.success(()), []) }
          state.sleepers[number] = (instant, continuation)
          defer { state.watchers = [] }
          return (nil, state.watchers)
        }
        if let result { continuation.resume(with: result) }
        for watcher in watchers { watcher.resume() }
      }
    } onCancel: {
      state.withLock { $0.sleepers.removeValue(forKey: number)?.continuation }?.resume(throwing: CancellationError())
    }
  }

  /// Returns once somebody sleeps.
  func someoneSleeps() async {
    await withCheckedContinuation { continuation in
      let isThere = state.withLock { state in
        if state.sleepers.isEmpty { state.watchers.append(continuation) }
        return !state.sleepers.isEmpty
      }
      if isThere { continuation.resume() }
    }
  }
}
