import Model
import Testing

@Suite struct TimestampTests {
  /// Seconds by `date -u -d … +%s`.
  @Test(
    arguments: [
      ("1970-01-01T00:00:00Z", 0), ("2026-11-24T15:46:01Z", 1_795_535_161), ("2000-02-29T12:00:00Z", 951_825_600),
      ("1969-12-31T23:59:59Z", -1), ("1900-03-01T00:00:00Z", -2_203_891_200),
    ] as [(String, Int64)])
  func secondsByDate(text: String, seconds: Int64) {
    #expect(Timestamp(text)?.nanoseconds == seconds * 1_000_000_000)
    #expect(Timestamp(nanoseconds: seconds * 1_000_000_000).description == text)
  }

  @Test func offsetsAndFractions() {
    #expect(Timestamp("2026-11-24T16:46:01.123456+01:00")?.description == "2026-11-24T15:46:01.123456Z")
    #expect(Timestamp("1969-12-31T23:59:59.5Z")?.nanoseconds == -500_000_000)
  }

  @Test(arguments: [
    "", "2026-11-24", "2026-02-29T00:00:00Z", "2026-11-24T24:00:00Z", "2026-11-24T15:46:01", "9999-01-01T00:00:00Z",
  ])
  func refused(text: String) {
    #expect(Timestamp(text) == nil)
  }
}
