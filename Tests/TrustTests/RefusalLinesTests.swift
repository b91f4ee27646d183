import Model
import Synchronization
import Testing
import Trust

/// Whoever tries without end fills no log.
struct RefusalLinesTests {
  @Test func soManyAMinuteAndTheRestIsCounted() {
    let lines = Lines()
    let refusals = RefusalLines(now: { lines.now }, tell: { lines.tell($0) })
    for number in 1...100 { refusals.add("refused \(number)\nand more") }
    #expect(lines.all.count == RefusalLines.most + 1)
    #expect(lines.all.first == "refused 1 and more" && lines.all.last?.hasPrefix("refuses more than 60 a minute") == true)
    lines.now = lines.now.advanced(bySeconds: 59)
    refusals.add("x")
    #expect(lines.all.count == RefusalLines.most + 1)
    lines.now = lines.now.advanced(bySeconds: 1)
    refusals.add(String(repeating: "y", count: 10_000))
    #expect(lines.all.suffix(2) == ["41 more were refused since the last that was told", String(repeating: "y", count: 500)])
    // A clock that is set back doesn't silence anybody.
    lines.now = .noon
    refusals.add("z")
    #expect(lines.all.last == "z")
  }

  private final class Lines: Sendable {
    private let state = Mutex((now: Timestamp.noon, all: [String]()))

    var now: Timestamp {
      get { state.withLock { $0.now } }
      set { state.withLock { $0.now = newValue } }
    }
    var all: [String] { state.withLock { $0.all } }

    func tell(_ line: String) { state.withLock { $0.all.append(line) } }
  }
}
