import Model
import Testing
import Traffic

/// Phases, shares, and waits from counts (docs/waits.md); figures are worked out by hand.
@Suite struct ShareTests {
  /// A hears from three in one phase. After 64 more that phase is forgotten.
  @Test(arguments: [(62, 666), (63, 1000)] as [(Int, UInt64)])
  func forgottenPhases(exchanges: Int, share: UInt64) throws {
    var exchange = Exchange()
    for (peer, time) in zip([.b, .c, .d] as [Exchange.Machine], [0, 0.1, 0.2]) { try exchange.send(peer, .a, at: time) }
    try exchange.send(.a, .b, at: 1)
    for number in 1...exchanges {
      try exchange.send(.c, .a, at: 10 * Double(number))
      try exchange.send(.a, .c, at: 10 * Double(number) + 1)
    }
    try exchange.send(.a, .d, at: 5000)
    #expect(exchange.finish().figures(at: .a, about: .d) == EndFigures(1, 1, 0, share))
  }

  /// A peer that is heard twice before A speaks is one.
  @Test func heardTwice() throws {
    var exchange = Exchange()
    for time in [0.0, 1] { for peer in [.b, .c] as [Exchange.Machine] { try exchange.send(peer, .a, at: time) } }
    try exchange.send(.a, .b, at: 2)
    #expect(exchange.finish().figures(at: .a, about: .b) == EndFigures(1, 1, 0, 1000))
  }

  @Test func waitsFromCounts() {
    let asks = PairCounts(turns: 10, matched: 12, runs: 1, shares: 9000)
    let answers = PairCounts(turns: 9, matched: 9, runs: 1, shares: 9000)
    // 2 more matched than turns, 2 runs.
    #expect(asks.waits(opposite: answers) == 7.5)
    #expect(answers.waits(opposite: asks) == 9)
    // Seen at one end only: 2 more matched than turns, 1 run.
    #expect(asks.waits(opposite: nil) == 4.5)
    #expect(answers.waits(opposite: nil) == 9)
    #expect(PairCounts().waits(opposite: asks) == 0)
    let most = PairCounts(turns: .max, matched: .max, runs: .max, shares: .max)
    #expect(most.waits(opposite: most).isFinite)
  }
}
