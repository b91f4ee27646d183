package import Model
internal import Synchronization

/// Lines about those who were turned away, so many a minute: whoever tries a million times fills no disk.
package final class RefusalLines: Sendable {
  /// In a minute.
  package static let most = 60
  private static let minute: Int64 = 60_000_000_000
  /// Characters of a line, of which peers may have chosen a part.
  private static let longest = 500

  private let now: @Sendable () -> Timestamp
  private let tell: @Sendable (String) -> Void
  private let state: Mutex<State>

  private struct State {
    var start: Timestamp
    var count = 0
  }

  package init(now: @escaping @Sendable () -> Timestamp, tell: @escaping @Sendable (String) -> Void) {
    (self.now, self.tell) = (now, tell)
    state = Mutex(State(start: now()))
  }

  package func add(_ line: String) {
    let now = now()
    let (untold, count) = state.withLock { state in
      var untold = 0
      // A clock that was set back begins anew.
      if now < state.start || now >= state.start.advanced(byNanoseconds: Self.minute) {
        untold = max(0, state.count - Self.most)
        state = State(start: now)
      }
      state.count += 1
      return (untold, state.count)
    }
    if untold > 0 { tell("\(untold) more were refused since the last that was told") }
    guard count <= Self.most else { return }
    tell(String(line.prefix(Self.longest).map { $0.isNewline ? " " : $0 }).onOneLine)
    if count == Self.most { tell("refuses more than \(Self.most) a minute: the rest of this one is counted only") }
  }
}
