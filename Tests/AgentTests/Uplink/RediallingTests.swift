import Agent
import Testing

struct RediallingTests {
  /// Loses so many connections that were greeted.
  private func lose(_ count: Int, of redialling: inout Redialling, because reason: String = "full") -> [Duration] {
    var generator = SeededGenerator(1)
    return (0..<count).map { _ in
      _ = redialling.greet()
      return redialling.lose(because: reason, using: &generator).wait
    }
  }

  /// 0.2 s, 1.6 times as much each time, 10 s at most; each within a fifth.
  @Test func greetingAloneDoesNotCount() {
    var redialling = Redialling()
    let waits = lose(20, of: &redialling)
    #expect(waits[0] <= .milliseconds(240))
    #expect(waits.suffix(10).allSatisfy { $0 >= .seconds(8) })
  }

  @Test func provenConnectionIsDialledAtOnce() {
    var redialling = Redialling()
    _ = lose(20, of: &redialling)
    _ = redialling.prove()
    #expect(lose(1, of: &redialling)[0] <= .milliseconds(240))
  }

  @Test func eachReasonIsToldOnce() {
    var (redialling, generator) = (Redialling(), SeededGenerator(1))
    func isTold(_ reason: String) -> Bool { redialling.lose(because: reason, using: &generator).isTold }
    // They take turns: a controller that comes up, with a disk that is full.
    let reasons = ["refused", "full", "refused", "full", "full"]
    #expect(reasons.map { isTold($0) } == [true, true, false, false, false])
    _ = redialling.prove()
    #expect(["full", "full"].map { isTold($0) } == [true, false])
  }

  @Test func greetingsAreToldOnceUntilProven() {
    var redialling = Redialling()
    let told = (0..<3).map { _ in redialling.greet() }
    #expect(told == [true, false, false])
    // The log would else end with a failure.
    let proofs = (0..<2).map { _ in redialling.prove() }
    #expect(proofs == [true, false])
    let (greeting, proof) = (redialling.greet(), redialling.prove())
    #expect(greeting && !proof)
  }

  /// All of several are dialled before there is a wait, and a wait is short while another may take the lead.
  @Test func severalControllersAreDialledInTurn() {
    var (redialling, generator) = (Redialling(controllers: 3), SeededGenerator(1))
    var waits: [Duration] = []
    var turns: [Int] = []
    for _ in 0..<180 {
      turns.append(redialling.turn)
      let (wait, _) = redialling.lose(because: "refused", using: &generator)
      if turns.count.isMultiple(of: 3) { waits.append(wait) } else { #expect(wait == .zero) }
    }
    #expect(turns == Array(repeating: [0, 1, 2], count: 60).flatMap(\.self))
    #expect(waits.allSatisfy { $0 > .zero && $0 <= .milliseconds(600) })
    // Half a minute of them; then all are away, and are spared.
    for _ in 0..<2 { _ = redialling.lose(because: "refused", using: &generator) }
    #expect(redialling.lose(because: "refused", using: &generator).wait >= .seconds(8))
  }

  /// Whoever has greeted is the one whose turn it was, and the others are dialled at once when it is lost.
  @Test func theNextIsDialledAtOnceWhenOneIsLost() {
    var (redialling, generator) = (Redialling(controllers: 2), SeededGenerator(1))
    _ = redialling.greet(turn: 1)
    #expect(redialling.turn == 1)
    let lost = redialling.lose(because: "ended", using: &generator)
    #expect(lost.wait == .zero && redialling.turn == 0)
    #expect(redialling.lose(because: "refused", using: &generator).wait > .zero)
  }
}
