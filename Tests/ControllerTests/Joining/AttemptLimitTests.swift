import Controller
import Model
import Testing

/// What is bounded, however many there are who try.
@Suite struct AttemptLimitTests {
  private static let minute: Int64 = 60_000_000_000

  private func at(seconds: Double) -> Timestamp { Timestamp(seconds: 1_800_000_000 + seconds) }

  @Test func soManyInAMinute() {
    var limit = AttemptLimit<String>(3, in: Self.minute)
    let first = (0..<5).map { limit.admit("a", at: at(seconds: Double($0))) }
    #expect(first == [true, true, true, false, false])
    // Others are unaffected; and a clock that was set back begins anew.
    let later = [("b", 5), ("a", 59.9), ("a", 60), ("a", 0)].map { limit.admit($0.0, at: at(seconds: $0.1)) }
    #expect(later == [true, false, true, true])
  }

  /// So many are told apart; others wait until one of those is forgotten.
  @Test func memoryIsBounded() {
    var limit = AttemptLimit<Int>(1, in: Self.minute, mostKeys: 100)
    let admitted = (0..<1000).filter { limit.admit($0, at: at(seconds: 0)) }
    #expect(admitted == Array(0..<100))
    let later = [59.0, 61, 62].map { limit.admit(5000, at: at(seconds: $0)) }
    #expect(later == [false, true, false])
  }

  @Test(arguments: [
    ("ipv4:192.0.2.7:41822", "192.0.2.7", "192.0.2.7"),
    ("ipv6:[2001:db8:1:2:3:4:5:6]:41822", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
    ("ipv6:[::ffff:192.0.2.7]:1", "192.0.2.7", "192.0.2.7"), ("ipv6:[::1]:65535", "::1", "::"),
    ("unix:/run/x", nil, nil), ("ipv4:", nil, nil), ("", nil, nil), ("ipv6:[fe80::1%eth0]:1", nil, nil),
  ])
  func addressesOfPeers(text: String, address: String?, network: String?) {
    let peer = PeerAddress(text)
    #expect(peer?.address == address.flatMap { IPAddress($0) })
    #expect(peer?.network == network.flatMap { IPAddress($0) })
  }
}
