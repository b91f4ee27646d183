import Foundation
import Lab
import Synchronization

/// The steps of making a lab: one line that changes where standard error is a terminal, one line each elsewhere.
final class LabDisplay: LabProgress {
  private let state = Mutex((step: "", detail: "", start: ContinuousClock.now))

  func step(_ text: String) {
    state.withLock { state in
      end(of: state)
      state = (text, "", .now)
      draw(state)
    }
  }

  func detail(_ text: String) {
    state.withLock { state in
      guard text != state.detail else { return }
      state.detail = text
      if Terminal.errorIsTerminal { draw(state) }
    }
  }

  func finish() {
    state.withLock { state in
      end(of: state)
      state.step = ""
    }
  }

  private func draw(_ state: (step: String, detail: String, start: ContinuousClock.Instant)) {
    let detail = state.detail.isEmpty ? "" : ": \(state.detail)"
    if Terminal.errorIsTerminal {
      FileHandle.standardError.write(Data("\r\u{1b}[K\(state.step)\(detail)".utf8))
    } else {
      Terminal.printLine(state.step)
    }
  }

  /// Leaves the step on the terminal with the time that it took.
  private func end(of state: (step: String, detail: String, start: ContinuousClock.Instant)) {
    guard !state.step.isEmpty, Terminal.errorIsTerminal else { return }
    let seconds = Text.decimals(state.start.duration(to: .now) / .seconds(1), 1)
    FileHandle.standardError.write(Data("\r\u{1b}[K\(state.step)  \(seconds) s\n".utf8))
  }
}
