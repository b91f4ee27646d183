package import Logging
internal import Synchronization

/// A line for each refusal, but no more than so many a minute: strangers don't fill the disk.
package final class RefusalLog: Sendable {
  private let logger: Logger
  private let limit: Int
  private let now: @Sendable () -> ContinuousClock.Instant
  private let state: Mutex<State>

  private struct State {
    var minute: ContinuousClock.Instant
    var lines = 0
    var left = 0
  }

  /// - Parameter limit: lines a minute.
  package init(
    _ logger: Logger, limit: Int, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) {
    (self.logger, self.limit, self.now) = (logger, limit, now)
    state = Mutex(State(minute: now()))
  }

  /// - Parameter text: on one line, without anything secret.
  package func note(_ text: String, level: Logger.Level = .warning) {
    let (isWritten, left) = state.withLock { state in
      var left = 0
      let now = now()
      if now - state.minute >= .seconds(60) {
        left = state.left
        state = State(minute: now)
      }
      state.lines += 1
      if state.lines > limit { state.left += 1 }
      return (state.lines <= limit, left)
    }
    if left > 0 { logger.warning("refused \(left) more, without a line for each") }
    if isWritten { logger.log(level: level, "\(text)") }
  }
}
