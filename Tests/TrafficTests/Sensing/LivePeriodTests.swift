import Model
import Testing
import Traffic

@Suite struct LivePeriodTests {
  @Test func aPacketBelongsToThePeriodOfItsTime() throws {
    var host = TapTraffic(vms: 1, 2)
    host.send(1, 2, at: 1, seconds: 109.999999999)
    host.send(1, 2, at: 1, seconds: 110)
    host.send(1, 2, at: 1, seconds: 119)
    let periods = host.closed(at: 120)
    #expect(periods.map(\.period.start.seconds) == [100, 110])
    #expect(periods.map { $0.sent.counts("vm1", "vm2")?.packets } == [1, 2])
    #expect(periods[0].incomplete != nil && periods[1].incomplete == nil)
  }

  @Test func silenceIsReportedAsZero() {
    var host = TapTraffic(vms: 1)
    host.send(1, 9, at: 1, seconds: 101)
    host.send(1, 9, at: 1, seconds: 145)
    let periods = host.closed(at: 149)
    #expect(periods.map(\.period.start.seconds) == [100, 110, 120, 130])
    #expect(periods.map(\.accounting.seen) == [1, 0, 0, 0])
    #expect(periods.map(\.sent.count) == [1, 0, 0, 0])
    #expect(periods.allSatisfy { $0.vms.map(\.name) == ["vm1"] })
  }

  @Test func aLatePacketCountsInThePresentPeriod() throws {
    var host = TapTraffic(vms: 1)
    _ = host.closed(at: 111)
    host.send(1, 9, at: 1, seconds: 109)
    host.send(1, 9, at: 1, seconds: 112)
    let period = try #require(host.closed(at: 120).first)
    #expect(period.sent.counts("vm1", "10.0.0.9")?.packets == 2)
    #expect(period.late == 1)
  }

  @Test func aClockThatIsSetLeavesIncompletePeriods() {
    var host = TapTraffic(vms: 1)
    _ = host.closed(at: 3610)
    host.send(1, 9, at: 1, seconds: 3611)
    host.counter.restart(at: 11 * TapTraffic.second, because: "set back")
    host.send(1, 9, at: 1, seconds: 12)
    // Within a period it stays one.
    host.counter.restart(at: 15 * TapTraffic.second, because: "set forward")
    host.send(1, 9, at: 1, seconds: 25)
    let periods = host.closed(at: 30)
    #expect(periods.map(\.period.start.seconds) == [3610, 10, 20])
    #expect(periods.map(\.incomplete) == ["set back", "set forward", nil])
    #expect(periods.map(\.accounting.counted) == [1, 1, 1])
  }

  @Test func aJumpMakesNoThousandsOfPeriods() {
    var host = TapTraffic(vms: 1)
    for seconds in [1e9, 9.2e9, 100, 9.223372036854e9] { host.send(1, 9, at: 1, seconds: seconds) }
    host.counter.advance(to: .max)
    host.counter.advance(to: .min)
    #expect(host.counter.takeClosed().count <= 2 * 120)
  }

  @Test func whatIsStoppedIsIncomplete() throws {
    var host = TapTraffic(vms: 1)
    _ = host.closed(at: 110)
    host.send(1, 9, at: 1, seconds: 111)
    host.counter.finish(at: 115 * TapTraffic.second)
    let period = try #require(host.counter.takeClosed().first)
    #expect(period.accounting.counted == 1)
    #expect(period.incomplete == "the sensor was stopped within it")
    #expect(period.vms.map(\.name) == ["vm1"])
  }

  /// The worked example of a swap in docs/waits.md at A's end, with a cut in its midst: A sends at 0, 3 and 4 ms, B's
  /// come at 1.05, 2.05 and 5.05 ms.
  @Test func waitsGoOnOverACut() throws {
    var host = TapTraffic(vms: 1)
    let start = 109.997
    host.send(1, 2, at: 1, seconds: start)
    host.send(2, 1, at: 1, seconds: start + 0.00105)
    host.send(2, 1, at: 1, seconds: start + 0.00205)
    host.send(1, 2, at: 1, seconds: start + 0.003)
    host.send(1, 2, at: 1, seconds: start + 0.004)
    host.send(2, 1, at: 1, seconds: start + 0.00505)
    let periods = host.closed(at: 120)
    try #require(periods.count == 2)
    // All of it is the row that ends at the VM.
    let first = try #require(periods[0].received.counts("10.0.0.2", "vm1"))
    let second = try #require(periods[1].received.counts("10.0.0.2", "vm1"))
    #expect([first.packets, first.turns, first.matched, first.runs, first.shares] == [2, 0, 0, 0, 0])
    #expect([second.packets, second.turns, second.matched, second.runs, second.shares] == [1, 1, 2, 0, 2000])
    #expect(periods[0].sent.counts("vm1", "10.0.0.2")?.turns == 0)
  }

  /// A VM that moves is in the reports of both hosts, and the parts add up to what one would have counted.
  @Test func aMoveAddsUp() throws {
    var source = TapTraffic(vms: 1, 2)
    var destination = TapTraffic(vms: 3)
    destination.counter.name([SensedMachine(name: "vm2", network: 1, mac: TapTraffic.mac(2))])
    for number in 0..<3 {
      source.send(2, 1, at: 1, seconds: 101 + Double(number))
      source.send(1, 2, at: 1, seconds: 101.5 + Double(number))
    }
    source.detach(1, seconds: 104)
    // What comes for it here after that counts nothing: it isn't watched.
    destination.attach(1)
    for number in 0..<4 { destination.send(2, 1, at: 1, seconds: 105 + Double(number)) }
    let here = try #require(source.closed(at: 110).first)
    let there = try #require(destination.closed(at: 110).first)
    #expect(here.received.counts("vm2", "vm1")?.packets == 3)
    #expect(here.sent.counts("vm1", "vm2")?.packets == 3)
    #expect(there.received.counts("vm2", "vm1")?.packets == 4)
    #expect(here.vms.map(\.name) == ["vm1", "vm2"])
    #expect(there.vms.map(\.name) == ["vm1", "vm3"])
    // From the next period on it is no more of the first host's.
    #expect(source.closed(at: 120).first?.vms.map(\.name) == ["vm2"])
    #expect(destination.closed(at: 120).first?.vms.map(\.name) == ["vm1", "vm3"])
  }

  /// Frames are handed over up to 0.15 s after they came. Those of a VM that has left meanwhile count, each in its
  /// period, and the VM is in the reports of the periods in which it was there.
  @Test func whatCameBeforeATapWentCounts() throws {
    var host = TapTraffic(vms: 1, 2)
    // It leaves just after a cut that its last frames haven't reached yet.
    host.detach(1, seconds: 110.02)
    host.send(2, 1, at: 1, seconds: 109.99)
    host.send(2, 1, at: 1, seconds: 110.01)
    let periods = host.closed(at: 130)
    #expect(periods.map(\.period.start.seconds) == [100, 110, 120])
    #expect(periods.map { $0.received.counts("vm2", "vm1")?.packets } == [1, 1, nil])
    #expect(periods.map { $0.vms.map(\.name) } == [["vm1", "vm2"], ["vm1", "vm2"], ["vm2"]])
    #expect(periods.map(\.late) == [0, 0, 0])
  }

  /// With several processors the order may be off by microseconds.
  @Test func whatIsLateOfATapThatWentCountsInThePresentPeriod() throws {
    var host = TapTraffic(vms: 1, 2)
    host.detach(1, seconds: 109.999)
    host.send(2, 9, at: 2, seconds: 110.000001)
    host.send(2, 1, at: 1, seconds: 109.998)
    host.send(2, 9, at: 2, seconds: 121)
    let periods = host.closed(at: 130)
    #expect(periods.map { $0.received.counts("vm2", "vm1")?.packets } == [nil, 1, nil])
    #expect(periods.map(\.late) == [0, 1, 0])
    #expect(periods.map { $0.vms.map(\.name) } == [["vm1", "vm2"], ["vm1", "vm2"], ["vm2"]])
  }

  /// The number of a tap that went is given away only when nothing can be handed over for it.
  @Test func aTapComesBackWhileTheOldOneIsCounted() throws {
    var host = TapTraffic(vms: 1)
    let old = host.counter.attach(vm: "vm2", network: 1, mac: TapTraffic.mac(2))
    host.counter.detach(old, at: 105 * TapTraffic.second)
    let new = host.counter.attach(vm: "vm2", network: 1, mac: TapTraffic.mac(2))
    #expect(new != old)
    let frame = TapTraffic.ethernet(1, 2) + TapTraffic.tcp(1, 2, payload: 0)
    for (tap, seconds) in [(old, 104), (new, 106), (old, 105), (new, 107)] as [(Int, Int64)] {
      let facts = TapFrame(time: seconds * TapTraffic.second, bytes: frame.count, isReceived: true)
      host.counter.count(frame.span, facts, tap: tap)
    }
    let first = try #require(host.closed(at: 110).first)
    #expect(first.received.counts("vm1", "vm2")?.packets == 4)
    var isWatched = host.counter.isWatched(old)
    #expect(isWatched)
    _ = host.closed(at: 120)
    isWatched = host.counter.isWatched(old)
    #expect(!isWatched)
  }

  @Test func aClockThatIsSetBackTakesTapsAlongThatWent() {
    var host = TapTraffic(vms: 1, 2)
    host.detach(1, seconds: 112)
    host.counter.restart(at: 11 * TapTraffic.second, because: "set back")
    #expect(host.closed(at: 30).map { $0.vms.map(\.name) } == [["vm1", "vm2"], ["vm2"], ["vm2"]])
  }
}
