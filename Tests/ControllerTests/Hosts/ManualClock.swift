import Synchronization

/// A clock that goes on only when it is told to.
final class ManualClock: Clock {
  struct Instant: InstantProtocol {
    var offset: Duration
    func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Duration { other.offset - offset }
    static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  private struct Sleeper {
    var deadline: Instant
    /// For how long.
    var duration: Duration
    var continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var now = Instant(offset: .zero)
    var last = 0
    var sleepers: [Int: Sleeper] = [:]
    var watchers: [CheckedContinuation<Void, Never>] = []
  }
  private let state = Mutex(State())

  var now: Instant { state.withLock { $0.now } }
  var minimumResolution: Duration { .nanoseconds(1) }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    let number = state.withLock { state in
      state.last += 1
      return state.last
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        let watchers = state.withLock { state in
          state.sleepers[number] = Sleeper(
            deadline: deadline, duration: deadline.offset - state.now.offset, continuation: continuation)
          defer { state.watchers = [] }
          return state.watchers
        }
        for watcher in watchers { watcher.resume() }
        // Between the check and the entry.
        if Task.isCancelled { wake(number) }
      }
    } onCancel: {
      wake(number)
    }
  }

  private func wake(_ number: Int) {
    state.withLock { $0.sleepers.removeValue(forKey: number) }?.continuation.resume(throwing: CancellationError())
  }

  /// Wakes all whose time has come by then.
  func advance(by duration: Duration) {
    let due = state.withLock { state in
      state.now = state.now.advanced(by: duration)
      let due = state.sleepers.filter { $0.value.deadline <= state.now }
      for number in due.keys { state.sleepers[number] = nil }
      return due
    }
    for sleeper in due.values { sleeper.continuation.resume() }
  }

  /// Returns when somebody sleeps, for how long; whoever sleeps for one of those other times doesn't count.
  @discardableResult
  func sleeper(besides others: Set<Duration> = []) async -> Duration {
    while true {
      if let duration = sleeper(besides: others, orResume: nil) { return duration }
      await withCheckedContinuation { continuation in
        if sleeper(besides: others, orResume: continuation) != nil { continuation.resume() }
      }
    }
  }

  /// - Parameter watcher: resumed by the next who sleeps, where there is none.
  private func sleeper(
    besides others: Set<Duration>, orResume watcher: CheckedContinuation<Void, Never>?
  ) -> Duration? {
    state.withLock { state in
      let found = state.sleepers.values.map(\.duration).first { !others.contains($0) }
      if found == nil, let watcher { state.watchers.append(watcher) }
      return found
    }
  }
}
