import Model
import Testing
import Trust

@Suite struct RenewalTests {
  /// The same number each time. (0 would be drawn again for ever: the range's size is no divisor of 2⁶⁴.)
  private struct Fixed: RandomNumberGenerator {
    var value: UInt64
    mutating func next() -> UInt64 { value }
  }

  private func renewal(_ value: UInt64) -> Renewal {
    var generator = Fixed(value: value)
    return Renewal(notBefore: .noon, notAfter: .noon.days(90), using: &generator)
  }

  @Test(arguments: [UInt64(1) << 53, 1 << 61, 1 << 63, .max])
  func dueAfterTwoThirdsAndBeforeThreeQuarters(value: UInt64) throws {
    let renewal = renewal(value)
    guard case .wait(let due) = renewal.action(at: .noon) else {
      Issue.record("at once")
      return
    }
    #expect(due >= Timestamp.noon.days(60) && due.seconds <= Timestamp.noon.days(67).seconds + 43_201)
    #expect(renewal.action(at: due.advanced(byNanoseconds: -1)) == .wait(until: due))
    #expect(renewal.action(at: due) == .renew)
    #expect(renewal.action(at: .noon.days(90).advanced(byNanoseconds: -1)) == .renew)
    #expect(renewal.action(at: .noon.days(90)) == .expired)
    // A clock that was set back waits again.
    #expect(renewal.action(at: .noon) == .wait(until: due))
  }

  @Test func notAllAtOnce() {
    var generator = SystemRandomNumberGenerator()
    let times = (0..<100).map { _ in
      Renewal(notBefore: .noon, notAfter: .noon.days(90), using: &generator).action(at: .noon)
    }
    #expect(Set(times).count == 100)
  }

  @Test func failuresAreTriedAgainEverLessOften() {
    var renewal = renewal(1 << 53)
    var generator = Fixed(value: 1 << 63)
    var now = Timestamp.noon.days(61)
    var pauses: [Double] = []
    for _ in 0..<10 {
      #expect(renewal.action(at: now) == .renew)
      renewal.failed(at: now, using: &generator)
      guard case .wait(let next) = renewal.action(at: now) else { break }
      pauses.append((next.seconds - now.seconds).rounded())
      now = next
    }
    #expect(pauses == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600])
  }

  /// And never later than the certificate ends.
  @Test func theEndIsTheEnd() {
    var renewal = renewal(1 << 53)
    var generator = Fixed(value: .max)
    let almost = Timestamp.noon.days(90).advanced(bySeconds: -10)
    renewal.failed(at: almost, using: &generator)
    #expect(renewal.action(at: almost) == .wait(until: .noon.days(90)))
    #expect(renewal.action(at: .noon.days(90)) == .expired)
  }
}
