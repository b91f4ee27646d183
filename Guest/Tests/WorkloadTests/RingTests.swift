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

  @Test func hasNoRankBeyondItsMembers() {
    #expect(Ring(addresses: ["10.0.0.1"], rank: 1) == nil)
    #expect(Ring(addresses: [], rank: 0) == nil)
    #expect(Ring(addresses: ["10.0.0.1"], rank: -1) == nil)
  }
}
