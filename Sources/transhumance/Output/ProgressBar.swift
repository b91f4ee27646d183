import Synchronization

/// A bar on standard error while long work goes on; silent where that is no terminal.
final class ProgressBar: Sendable {
  private let title: String
  private let state = Mutex(State())

  private struct State {
    var lastDrawn = ContinuousClock.now - .seconds(1)
    var visible = false
  }

  init(title: String) {
    self.title = title
  }

  /// Draws at most ten times a second. `total` may be unknown (standard input).
  func update(done: UInt64, total: UInt64?) {
    guard Terminal.errorIsTerminal else { return }
    state.withLock { state in
      let now = ContinuousClock.now
      guard now - state.lastDrawn >= .milliseconds(100) else { return }
      state.lastDrawn = now
      state.visible = true
      var line = "\r\u{1b}[K\(title)  "
      if let total, total > 0 {
        let share = min(1, Double(done) / Double(total))
        let filled = Int(share * 30)
        line += "[" + String(repeating: "=", count: filled) + String(repeating: " ", count: 30 - filled) + "] "
        line += Text.percent((share * 100).rounded() / 100) + " of " + Text.bytes(Double(total))
      } else {
        line += Text.bytes(Double(done))
      }
      StandardError.write(line)
    }
  }

  /// Wipes the bar away.
  func finish() {
    state.withLock { state in
      guard state.visible else { return }
      state.visible = false
      StandardError.write("\r\u{1b}[K")
    }
  }
}
