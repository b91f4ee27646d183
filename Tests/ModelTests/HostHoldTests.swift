import Model
import Testing

struct HostHoldTests {
  /// 2026-11-24T15:46:00Z
  private let since = Timestamp(nanoseconds: 1_795_535_160_000_000_000)

  @Test func isToldOnOneLine() {
    let hold = HostHold(reason: "a fan", by: "root", since: since)
    #expect(hold.words(of: "a1") == "a1 is held by root since 2026-11-24T15:46:00Z: a fan")
    let silent = HostHold(reason: "", by: "", since: since)
    #expect(silent.words(of: "a1") == "a1 is held since 2026-11-24T15:46:00Z")
    #expect("a\u{1b}[2J fan\n, again\u{85}\u{7f} – ü".onOneLine == "a[2J fan, again – ü")
  }
}
