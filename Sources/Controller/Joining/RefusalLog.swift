package import Logging
package import Model
internal import Synchronization

/// Lines about those who were turned away: so many a minute, so that a million attempts fill no disk.
package final class RefusalLog: Sendable {
  /// In a minute.
  package static let mostLines = 60
  private static let longestLine = 500
  private static let span: Int64 = 60_000_000_000

  private let logger: Logger
  private let now: @Sendable () -> Timestamp
  private let state: Mutex<State>

  private struct State {
    var start: Timestamp
    var lines = 0
  }

  package init(logger: Logger, now: @escaping @Sendable () -> Timestamp) {
    (self.logger, self.now) = (logger, now)
    state = Mutex(State(start: now()))
  }

  package func add(_ line: String) {
    let now = now()
    let (untold, isTold, isLast) = state.withLock { state in
      var untold = 0
      if now < state.start || now >= state.start.advanced(byNanoseconds: Self.span) {
        untold = max(0, state.lines - Self.mostLines)
        state = State(start: now)
      }
      state.lines += 1
      return (untold, state.lines <= Self.mostLines, state.lines == Self.mostLines)
    }
    if untold > 0 { logger.warning("\(untold) more were refused since the last that was told") }
    guard isTold else { return }
    logger.warning("\(Self.plain(line))")
    if isLast { logger.warning("refuses more than \(Self.mostLines) a minute: the rest is counted only") }
  }

  /// Peers have chosen a part of it.
  private static func plain(_ line: String) -> String {
    String(
      String.UnicodeScalarView(
        line.unicodeScalars.prefix(longestLine).map { $0.value < 32 || $0.value == 127 ? " " : $0 }))
  }
}
