import Model
import Testing
import Traffic

/// Rounds, windows and lag, by hand. Figures of the row A → B are counted at B, and the other way round.
@Suite struct RoundTests {
  private struct Figures: Equatable {
    var rounds: UInt64
    var windows: UInt64
    var lag: Int64
  }

  private func figures(_ row: TrafficCounts.Row?) -> Figures? {
    row.map { Figures(rounds: $0.counts.rounds, windows: $0.counts.windows, lag: $0.counts.lag) }
  }

  /// A asks at 0, 2, 4 … ms, B answers 1 ms later, 64 times: what fills a window at each. B has always heard once more
  /// than it has sent, A as often; A's first question answers nothing.
  @Test func questionsAndAnswers() throws {
    var exchange = Exchange()
    for turn in 0..<64 {
      try exchange.send(.a, .b, at: Double(2 * turn))
      try exchange.send(.b, .a, at: Double(2 * turn + 1))
    }
    let counts = exchange.finish()
    #expect(figures(counts.row(.a, .b)) == Figures(rounds: 64, windows: 1, lag: 1))
    #expect(figures(counts.row(.b, .a)) == Figures(rounds: 63, windows: 1, lag: 0))
  }

  /// Both send every millisecond, B 10 µs after A: with a hop of 50 µs neither has the other's message by then. Without
  /// one B has it.
  @Test func bothAtOnce() throws {
    for (hop, atB) in [(0.05, Figures(rounds: 9, windows: 1, lag: 0)), (0, Figures(rounds: 10, windows: 1, lag: 1))] {
      var exchange = Exchange(hop: hop)
      for turn in 0..<10 {
        try exchange.send(.a, .b, at: Double(turn))
        try exchange.send(.b, .a, at: Double(turn) + 0.01)
      }
      let counts = exchange.finish()
      #expect(figures(counts.row(.a, .b)) == atB)
      #expect(figures(counts.row(.b, .a)) == Figures(rounds: 9, windows: 1, lag: 0))
    }
  }

  /// Three packets with PSH, 100 µs apart, are one message; 400 µs apart they are three. Then B answers.
  @Test func pauses() throws {
    for (pause, atA) in [
      (0.1, Figures(rounds: 0, windows: 1, lag: 0)), (0.4, Figures(rounds: 0, windows: 1, lag: -1)),
    ] {
      var exchange = Exchange()
      for packet in 0..<3 { try exchange.send(.a, .b, at: Double(packet) * pause) }
      try exchange.send(.b, .a, at: 5)
      let counts = exchange.finish()
      #expect(figures(counts.row(.a, .b)) == Figures(rounds: 1, windows: 1, lag: 1))
      #expect(figures(counts.row(.b, .a)) == atA)
    }
  }

  /// A message of two packets is complete with the second; what is sent again adds nothing.
  @Test func segmentsAndRepetitions() throws {
    var exchange = Exchange()
    try exchange.send(.a, .b, at: 0, bytes: 1448, push: false)
    try exchange.send(.a, .b, at: 0.1, bytes: 700, push: true)
    try exchange.send(.b, .a, at: 1)
    try exchange.send(.a, .b, at: 9, bytes: 700, ahead: -700)
    try exchange.send(.b, .a, at: 10)
    let counts = exchange.finish()
    // B's second message follows nothing fresh; of its two windows' sends the second has C − S = 1 − 1.
    #expect(figures(counts.row(.a, .b)) == Figures(rounds: 1, windows: 1, lag: 0))
    #expect(figures(counts.row(.b, .a)) == Figures(rounds: 0, windows: 1, lag: 0))
  }

  /// Silence of more than a second closes windows; one of less doesn't.
  @Test func silence() throws {
    for (pause, windows) in [(900.0, 1), (1100.0, 2)] as [(Double, UInt64)] {
      var exchange = Exchange()
      for start in [0, pause] {
        try exchange.send(.a, .b, at: start)
        try exchange.send(.b, .a, at: start + 1)
      }
      let counts = exchange.finish()
      #expect(counts.row(.a, .b)?.counts.windows == windows)
      #expect(counts.row(.b, .a)?.counts.windows == windows)
      #expect(counts.row(.b, .a)?.counts.rounds == 1)
    }
  }

  /// A step back of the clock closes windows too: A's at its second send, B's when that arrives. Others' packet at 12
  /// ms lets B's reach A before the step.
  @Test func stepBack() throws {
    var exchange = Exchange()
    try exchange.send(.a, .b, at: 10)
    try exchange.send(.b, .a, at: 11)
    try exchange.send(.c, .d, at: 12)
    try exchange.send(.a, .b, at: 5)
    let counts = exchange.finish()
    #expect(figures(counts.row(.a, .b)) == Figures(rounds: 1, windows: 1, lag: 1))
    #expect(figures(counts.row(.b, .a)) == Figures(rounds: 1, windows: 2, lag: 0))
  }

  /// Whatever isn't TCP is a message by itself, continued by what follows soon.
  @Test func datagrams() throws {
    var exchange = Exchange()
    try exchange.send(.a, .b, at: 0, isTCP: false)
    try exchange.send(.b, .a, at: 1, isTCP: false)
    try exchange.send(.b, .a, at: 1.1, isTCP: false)
    try exchange.send(.a, .b, at: 2, isTCP: false)
    let counts = exchange.finish()
    #expect(figures(counts.row(.a, .b)) == Figures(rounds: 1, windows: 1, lag: 1))
    #expect(figures(counts.row(.b, .a)) == Figures(rounds: 1, windows: 1, lag: 0))
  }
}
