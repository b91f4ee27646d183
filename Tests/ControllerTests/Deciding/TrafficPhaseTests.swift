import Controller
import Model
import Synchronization
import Testing
import Traffic

/// Which periods a decision is made of when an application goes over to another phase.
struct TrafficPhaseTests {
  private static let members = Set(["vm1", "vm2", "vm3", "vm4"].map(Endpoint.name))
  private static let ring = LoopTests.ring
  private static let pairs = [("vm1", "vm3"), ("vm2", "vm4")]

  /// Index at which the phase begins, of periods that the body lets pass.
  private func start(_ pass: (World) -> Void) -> Int {
    let world = World(LoopTests.scattered)
    pass(world)
    return TrafficPhase.start(in: world.state.withLock { $0.periods }, among: Self.members)
  }

  @Test func whatGoesOnAlikeIsOnePhase() {
    #expect(start { world in
      for packets: UInt64 in [4000, 3000, 4000, 5000] { world.pass(Self.ring, packets: packets) }
    } == 0)
    // 10 packets more or less say nothing.
    #expect(start { world in for packets: UInt64 in [1, 3, 1] { world.pass(Self.ring, packets: packets) } } == 0)
  }

  @Test func otherPartnersOrAnotherRateBeginAPhase() {
    #expect(start { world in
      for _ in 0..<4 { world.pass(Self.ring) }
      for _ in 0..<2 { world.pass(Self.pairs) }
    } == 4)
    #expect(start { world in
      for packets: UInt64 in [4000, 4000, 2000] { world.pass(Self.ring, packets: packets) }
    } == 2)
    // A seventh of a period is of another phase.
    #expect(start { world in
      for _ in 0..<3 { world.pass(Self.ring) }
      world.pass(Self.ring + [("vm1", "vm3")], packets: 4000)
      world.pass(Self.ring)
    } == 4)
    // The change cut a period in two: that one is of neither.
    #expect(start { world in
      for packets: UInt64 in [4000, 4000, 2300, 1000, 1000] { world.pass(Self.ring, packets: packets) }
    } == 3)
  }

  @Test func whatAlternatesIsTakenAsAWhole() {
    #expect(start { world in
      for number in 0..<6 { world.pass(number % 2 == 0 ? Self.ring : Self.pairs) }
    } == 0)
  }

  @Test func aDecisionWaitsForDataOfTheNewPhaseAlone() throws {
    let world = World(LoopTests.scattered)
    for _ in 0..<5 { world.pass(Self.ring) }
    for count in 1...3 {
      world.pass(Self.pairs, packets: 1000)
      let periods = world.state.withLock { $0.periods }
      if count < 3 {
        let error = #expect(throws: DecisionWindow.Incomplete.self) {
          try DecisionWindow(of: periods, for: Self.members, since: nil, settings: DecisionSettings())
        }
        #expect(error?.reason == "\(count * 10) s of data since its traffic changed, of the 30 s that a decision needs")
      } else {
        let window = try DecisionWindow(of: periods, for: Self.members, since: nil, settings: DecisionSettings())
        #expect(window.periods == Array(periods.suffix(3)))
        // Two pairs, both ways, 1000 packets in each of three periods.
        #expect(window.matrix(of: Self.members).rows.map(\.packets) == [3000, 3000, 3000, 3000])
      }
    }
  }
}
