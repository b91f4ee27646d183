import Model
import Testing
import Traffic

/// The worked examples of docs/waits.md; figures there are worked out by hand.
@Suite struct WorkedExampleTests {
  @Test func asking() throws {
    var exchange = Exchange()
    try exchange.send(.a, .b, at: 0)
    try exchange.send(.b, .a, at: 1)
    try exchange.send(.a, .b, at: 2)
    try exchange.send(.b, .a, at: 3)
    try expect(exchange.finish(), EndFigures(1, 1, 0, 1000), EndFigures(2, 2, 0, 2000), waits: (2, 1))
  }

  @Test func swapping() throws {
    var exchange = Exchange()
    try exchange.send(.a, .b, at: 0)
    try exchange.send(.b, .a, at: 1)
    try exchange.send(.b, .a, at: 2)
    try exchange.send(.a, .b, at: 3)
    try exchange.send(.a, .b, at: 4)
    try exchange.send(.b, .a, at: 5)
    try expect(exchange.finish(), EndFigures(1, 2, 0, 2000), EndFigures(2, 2, 0, 2000), waits: (1, 1))
  }

  @Test func bursts() throws {
    var exchange = Exchange()
    for time in [0.0, 1, 2, 3] { try exchange.send(.a, .b, at: time) }
    for time in [4.0, 5, 6] { try exchange.send(.b, .a, at: time) }
    try exchange.send(.a, .b, at: 7)
    try expect(exchange.finish(), EndFigures(1, 1, 2, 1000), EndFigures(1, 2, 2, 2000), waits: (1, 1))
  }

  @Test func bulkBothWays() throws {
    var exchange = Exchange()
    try exchange.send(.a, .b, at: 0, bytes: 1448, push: false)
    try exchange.send(.b, .a, at: 0.01, bytes: 1448, push: false)
    try exchange.send(.a, .b, at: 0.02, bytes: 1448)
    try exchange.send(.b, .a, at: 0.03, bytes: 1448)
    try exchange.send(.a, .b, at: 5, bytes: 1448, push: false)
    try exchange.send(.b, .a, at: 5.01, bytes: 1448, push: false)
    try exchange.send(.a, .b, at: 5.02, bytes: 700)
    try exchange.send(.b, .a, at: 5.03, bytes: 700)
    try exchange.send(.a, .b, at: 9, bytes: 40)
    try expect(exchange.finish(), EndFigures(1, 1, 0, 1000), EndFigures(0, 0, 0, 0), waits: (0, 1))
  }

  @Test func parts() throws {
    var exchange = Exchange()
    try exchange.send(.a, .b, at: 0, bytes: 40)
    try exchange.send(.a, .b, at: 0.06, bytes: 64)
    try exchange.send(.a, .b, at: 0.2, bytes: 64)
    try exchange.send(.b, .a, at: 1, bytes: 40)
    try exchange.send(.b, .a, at: 1.08, bytes: 40)
    try exchange.send(.a, .b, at: 2, bytes: 40)
    try expect(exchange.finish(), EndFigures(1, 1, 0, 1000), EndFigures(1, 1, 0, 1000), waits: (1, 1))
  }

  @Test func gathering() throws {
    var exchange = Exchange()
    let peers: [Exchange.Machine] = [.b, .c, .d]
    for (peer, time) in zip(peers, [0, 0.1, 0.2]) { try exchange.send(peer, .a, at: time, isTCP: false) }
    for (peer, time) in zip(peers, [1, 1.1, 1.2]) { try exchange.send(.a, peer, at: time, isTCP: false) }
    let counts = exchange.finish()
    for peer in peers {
      #expect(counts.figures(at: .a, about: peer) == EndFigures(1, 1, 0, 666))
      #expect(counts.figures(at: peer, about: .a) == EndFigures(0, 0, 0, 0))
      #expect(counts.row(peer, .a)?.waits == 0.666)
      #expect(counts.row(.a, peer)?.waits == 0)
    }
  }

  private func expect(
    _ counts: TrafficCounts, _ atA: EndFigures, _ atB: EndFigures, waits: (toB: Double, toA: Double),
    at location: SourceLocation = #_sourceLocation
  ) throws {
    #expect(counts.figures(at: .a, about: .b) == atA, sourceLocation: location)
    #expect(counts.figures(at: .b, about: .a) == atB, sourceLocation: location)
    #expect(counts.row(.a, .b)?.waits == waits.toB, sourceLocation: location)
    #expect(counts.row(.b, .a)?.waits == waits.toA, sourceLocation: location)
  }
}
