import Model
import Testing
import Traffic

/// What counts, where transfers begin and end (docs/waits.md, *Counting*); figures are worked out by hand.
@Suite struct TransferTests {
  @Test func sentAgain() throws {
    var exchange = Exchange()
    try exchange.send(.a, .b, at: 0)
    try exchange.send(.b, .a, at: 1)
    try exchange.send(.a, .b, at: 2, ahead: -100)
    #expect(exchange.finish().figures(at: .a, about: .b) == EndFigures(0, 0, 0, 0))
  }

  /// Of five connections the one that began first is forgotten; what it sends again counts as new.
  @Test(arguments: [(4, 0), (5, 1)] as [(UInt8, UInt64)])
  func connections(ports: UInt8, turns: UInt64) throws {
    var exchange = Exchange()
    for port in 1...ports { try exchange.send(.a, .b, at: Double(port) / 1000, port: port) }
    try exchange.send(.b, .a, at: 1, port: ports)
    try exchange.send(.a, .b, at: 2, port: 1, ahead: -100 * Int32(ports))
    #expect(exchange.finish().figures(at: .a, about: .b)?.turns == turns)
  }

  /// What wasn't said to be complete is, after a second.
  @Test(arguments: [(1000.0, 0), (1000.1, 1)] as [(Double, UInt64)])
  func leftOpen(time: Double, turns: UInt64) throws {
    var exchange = Exchange()
    try exchange.send(.b, .a, at: 0, push: false)
    try exchange.send(.a, .b, at: time)
    #expect(exchange.finish().figures(at: .a, about: .b) == EndFigures(turns, turns, 0, 1000 * turns))
  }

  /// A full segment with PSH amidst a bulk transfer ends nothing, also beside datagrams that are longer.
  @Test func fullSegments() throws {
    var exchange = Exchange()
    try exchange.send(.a, .b, at: 0, bytes: 1472, isTCP: false)
    try exchange.send(.a, .b, at: 1, bytes: 1448, push: false)
    try exchange.send(.a, .b, at: 1.01, bytes: 1448)
    try exchange.send(.b, .a, at: 2)
    try exchange.send(.b, .a, at: 3)
    #expect(exchange.finish().figures(at: .b, about: .a) == EndFigures(1, 1, 0, 1000))
  }

  /// What is seen before a packet, but reaches the other end at the same time, isn't there yet.
  @Test(arguments: [(1.0, 0), (1.000_001, 1)] as [(Double, UInt64)])
  func hop(time: Double, turns: UInt64) throws {
    var exchange = Exchange(hop: 1)
    try exchange.send(.a, .b, at: 0)
    try exchange.send(.b, .a, at: time)
    #expect(exchange.finish().figures(at: .b, about: .a)?.turns == turns)
  }

  /// A small step back of the clock is no time; after a large one nothing stays on its way.
  @Test(arguments: [(9990.0, 0), (1000.0, 1)] as [(Double, UInt64)])
  func clockSetBack(time: Double, turns: UInt64) throws {
    var exchange = Exchange()
    try exchange.send(.a, .b, at: 10_000)
    try exchange.send(.b, .a, at: time)
    #expect(exchange.finish().figures(at: .b, about: .a)?.turns == turns)
  }

  /// No more than 65,536 packets are held on their way.
  @Test(arguments: [(65_536, 0), (65_537, 1)] as [(Int, UInt64)])
  func packetsOnTheirWay(count: Int, turns: UInt64) throws {
    var exchange = Exchange(hop: 1000)
    for number in 0..<count { try exchange.send(.a, .b, at: Double(number) / 100, isTCP: false) }
    try exchange.send(.b, .a, at: 900, isTCP: false)
    #expect(exchange.finish().figures(at: .b, about: .a)?.turns == turns)
  }

  /// Counts of periods add up to those of the whole.
  @Test(arguments: [1_000_000, 7_777_777] as [Int64])
  func periods(length: Int64) throws {
    let (whole, parts) = (try conversation(period: 30_000_000_000), try conversation(period: length))
    #expect(parts.periods.count > 50)
    #expect(parts.rows == whole.rows)
    for row in whole.rows {
      let sum = parts.periods.flatMap(\.rows).filter { ($0.source, $0.destination) == (row.source, row.destination) }
        .reduce(into: PairCounts()) { $0 += $1.counts }
      #expect(sum == row.counts)
    }
  }

  /// Four machines that talk at random.
  private func conversation(period: Int64) throws -> TrafficCounts {
    var exchange = Exchange(period: period)
    var (state, time) = (UInt32(1), 0.0)
    for _ in 0..<3000 {
      // Numerical Recipes' generator; only the upper bits are used.
      state = state &* 1_664_525 &+ 1_013_904_223
      let digits = (0..<8).map { UInt8(state >> (16 + 2 * $0) & 3) }
      let machines = digits[..<2].compactMap { Exchange.Machine(rawValue: 1 + $0) }
      if machines[0] == machines[1] { continue }
      time += [0.01, 0.05, 0.15, 0.5][Int(digits[2])]
      try exchange.send(
        machines[0], machines[1], at: time, bytes: [40, 700, 1448, 1448][Int(digits[3])], push: digits[4] != 0,
        isTCP: digits[5] != 0)
    }
    return exchange.finish()
  }
}
