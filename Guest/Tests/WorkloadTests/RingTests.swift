import Testing
import Workload

@Suite struct RingTests {
  /// Each pair of neighbours has one connection, and both ends know it.
  @Test(arguments: 1...9)
  func pairsConnectsWithAccepts(count: Int) throws {
    let addresses = (0..<count).map { "10.0.0.\($0)" }
    var opened: [[Int]] = []
    var accepted: [[Int]] = []
    for rank in 0..<count {
      let ring = try #require(Ring(addresses: addresses, rank: rank))
      if let next = ring.connects { opened.append([rank, next]) }
      if let before = ring.accepts { accepted.append([before, rank]) }
    }
    #expect(Set(opened) == Set(accepted))
    #expect(opened.count == (count == 1 ? 0 : count == 2 ? 1 : count))
  }

  /// Who asks is answered in the same iteration, and over two of them everybody asks as often.
  @Test(arguments: 2...9)
  func whoeverAsksIsAnswered(count: Int) throws {
    let addresses = (0..<count).map { "10.0.0.\($0)" }
    let rings = try (0..<count).map { try #require(Ring(addresses: addresses, rank: $0)) }
    for iteration in 0..<4 {
      for ring in rings {
        let next = rings[(ring.rank + 1) % count]
        #expect(ring.asks(inIteration: iteration).next == next.asks(inIteration: iteration).before)
      }
    }
    for ring in rings {
      let asked = (0..<2).count { ring.asks(inIteration: $0).next }
      #expect(asked == (count > 2 && count.isMultiple(of: 2) ? 1 : 2))
    }
  }

  @Test func hasNoRankBeyondItsMembers() {
    #expect(Ring(addresses: ["10.0.0.1"], rank: 1) == nil)
    #expect(Ring(addresses: [], rank: 0) == nil)
    #expect(Ring(addresses: ["10.0.0.1"], rank: -1) == nil)
  }
}
