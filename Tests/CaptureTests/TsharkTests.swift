import Capture
import Model
import Testing
import Traffic

/// Every capture that `Tests/Fixtures/make-captures.py` makes, against what tshark counts in it.
@Suite struct TsharkTests {
  @Test(arguments: [
    "tags.pcap", "extension-headers.pcap", "fragments.pcap", "cooked.pcap", "cooked-2.pcap", "raw-12.pcap",
    "raw-14.pcap", "raw-101.pcap", "raw-228.pcap", "raw-229.pcap", "loopback.pcap", "loopback-big.pcap",
    "loopback-108.pcap", "snap-64.pcap", "snap-60.pcap", "nanoseconds.pcap", "big-endian.pcap",
    "big-endian-nanoseconds.pcap", "modified.pcap", "fcs.pcap", "fcs.pcapng", "members.pcap.gz", "offload.pcap",
    "tunnels.pcap", "sections.pcapng", "periods.pcap",
  ])
  func everyPair(name: String) throws {
    let analysis = try Fixtures.analyze(name)
    #expect(analysis.isComplete)
    #expect(analysis.counts.rows.map(CountedRow.init).sorted() == (try Fixtures.counted("\(name).csv")))
    let facts = analysis.counts.facts
    let expected = try #require(try Fixtures.facts[name])
    #expect(["\(facts.packets)", "\(facts.ipPackets)", epoch(facts.start), epoch(facts.end)] == expected)
    #expect(facts.packets == facts.ipPackets + facts.otherPackets + facts.malformedPackets)
  }

  private func epoch(_ time: Timestamp?) -> String {
    time.map {
      let (seconds, fraction) = $0.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
      return "\(seconds).\("\(1_000_000_000 + fraction)".dropFirst())"
    } ?? ""
  }

  @Test func innermostPairs() throws {
    let analysis = try Fixtures.analyze("tunnels.pcap", TraceAnalysis.Options(decapsulate: true))
    #expect(analysis.counts.rows.map(CountedRow.init).sorted() == (try Fixtures.counted("tunnels.pcap.inner.csv")))
  }

  /// What tshark takes for IP and we don't, or the other way round: packets, IP, other, malformed.
  @Test(
    arguments: [
      ("other.pcap", [5, 0, 2, 3]), ("snap-34.pcap", [3, 1, 0, 2]), ("no-packets.pcap", [0, 0, 0, 0]),
      ("no-packets.pcapng", [0, 0, 0, 0]), ("tags.pcap", [9, 5, 4, 0]), ("cooked.pcap", [7, 5, 2, 0]),
    ] as [(String, [UInt64])])
  func otherAndMalformed(name: String, expected: [UInt64]) throws {
    let facts = try Fixtures.analyze(name).counts.facts
    #expect([facts.packets, facts.ipPackets, facts.otherPackets, facts.malformedPackets] == expected)
    #expect((facts.start == nil) == (facts.packets == 0))
  }
}
