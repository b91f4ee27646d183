import Lab
import Testing

@Suite struct LatenessTests {
  @Test func tellsQuantilesByTheUpperEndsOfMicroseconds() {
    var lateness = Lateness()
    // 98 packets 10.5 µs late, one 400 µs, one 7.2 ms.
    for _ in 0..<98 { lateness.note(10_500) }
    lateness.note(400_000)
    lateness.note(7_200_000)
    #expect(lateness.count == 100)
    #expect(lateness.quantile(0.5) == 11_000)
    #expect(lateness.quantile(0.98) == 11_000)
    #expect(lateness.quantile(0.99) == 401_000)
    // No more than what was seen.
    #expect(lateness.quantile(1) == 7_200_000)
    #expect(lateness.maximum == 7_200_000)
  }

  @Test func isZeroWithoutPackets() {
    #expect(Lateness().quantile(0.99) == 0)
    #expect(Lateness().maximum == 0)
  }

  @Test(arguments: [999_999, 1_000_000, 1_999_999, 2_000_000, 1_000_000_000, 5_000_000_000, UInt64.max])
  func holdsAnyLateness(nanoseconds: UInt64) {
    var lateness = Lateness()
    lateness.note(0)
    lateness.note(nanoseconds)
    #expect(lateness.quantile(0.5) == 1000)
    #expect(lateness.maximum == nanoseconds)
    #expect(lateness.quantile(1) <= nanoseconds)
  }
}
