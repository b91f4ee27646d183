import Testing
import Traffic

/// Each end alone, as a tap sees it, counts what a capture of both counts at it.
@Suite struct TapTests {
  @Test func oneEndAlone() {
    // A's tap of the worked example of a swap: B's packets, seen there when they arrive.
    var (end, phases) = (PairEnd(), MachinePhases())
    let part = MessagePart(bytes: 100, isPush: true)
    end.send(part, at: 0, phases: &phases)
    end.receive(part, at: 1_050_000, phases: &phases)
    end.receive(part, at: 2_050_000, phases: &phases)
    end.send(part, at: 3_000_000, phases: &phases)
    end.send(part, at: 4_000_000, phases: &phases)
    end.receive(part, at: 5_050_000, phases: &phases)
    end.close()
    let counts = end.takeCounts()
    #expect(counts.turns == 1)
    #expect(counts.matched == 2)
    #expect(counts.runs == 0)
    #expect(counts.shares == 2000)
    // Rounds and the window's lag: receipts less sends are 0 − 0, 2 − 1 and 2 − 2 when it sends.
    #expect(counts.rounds == 1)
    #expect(counts.windows == 1)
    #expect(counts.lag == 0)
    #expect(end.takeCounts() == EndCounts())
  }

  @Test func timesFarApart() {
    var (end, phases) = (PairEnd(), MachinePhases())
    for time in [Int64.max, .min, 0, .min, .max] {
      end.send(.datagram, at: time, phases: &phases)
      end.receive(.datagram, at: time, phases: &phases)
    }
    end.close()
    #expect(end.takeCounts().turns <= 4)
  }

  @Test func newPayload() {
    var connections = RecentConnections()
    var segment = Payload(.segment, bytes: 100)
    segment.sequence = .max - 49
    #expect(connections.part(segment, from: .first) == MessagePart(bytes: 100, isPush: false))
    #expect(connections.part(segment, from: .first) == nil)
    // It ended at 50, beyond the wrap-around.
    segment.sequence = .max - 50
    #expect(connections.part(segment, from: .first) == nil)
    segment.sequence = 0
    #expect(connections.part(segment, from: .first) != nil)
    // A SYN begins the connection anew.
    segment.isSyn = true
    segment.bytes = 0
    segment.sequence = 7
    #expect(connections.part(segment, from: .first) == nil)
    segment.isSyn = false
    segment.bytes = 1
    segment.sequence = 8
    #expect(connections.part(segment, from: .first) != nil)
    #expect(connections.part(Payload(.datagram), from: .first) == nil)
    #expect(connections.part(Payload(.datagram, bytes: 8), from: .first) == .datagram)
    #expect(connections.part(Payload(), from: .first) == nil)
  }
}
