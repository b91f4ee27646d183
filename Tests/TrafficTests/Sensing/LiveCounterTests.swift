import Model
import Testing
import Traffic

@Suite struct LiveCounterTests {
  @Test func bothEndsOfAPairOnOneHost() throws {
    var host = TapTraffic(vms: 1, 2)
    host.send(1, 2, at: 1, seconds: 101)
    host.send(1, 2, at: 2, seconds: 101.001)
    // To a file server that is no VM: its address.
    host.send(2, 9, at: 2, seconds: 102, bytes: 60)
    let period = try #require(host.closed(at: 110).first)
    #expect(period.period == Period(start: Timestamp(nanoseconds: 100_000_000_000), length: 10_000_000_000))
    #expect(period.sent.names == ["vm1>vm2", "vm2>10.0.0.9"])
    #expect(period.received.names == ["vm1>vm2"])
    #expect(period.sent.counts("vm1", "vm2")?.volume == [1, 154, 140])
    #expect(period.received.counts("vm1", "vm2")?.volume == [1, 154, 140])
    #expect(period.sent.counts("vm2", "10.0.0.9")?.volume == [1, 114, 100])
    #expect(period.vms.map(\.name) == ["vm1", "vm2"])
    #expect(period.accounting.counted == 3)
    #expect(period.accounting.seen == 3)
    #expect(period.incomplete != nil)
  }

  @Test func whatABridgeFloodsAndAVMFakesIsForeign() throws {
    var host = TapTraffic(vms: 1, 2)
    // Flooded: for vm2, seen at vm1's tap.
    let flooded = TapTraffic.ethernet(9, 2) + TapTraffic.tcp(9, 2, payload: 0)
    host.frame(flooded, at: 1, isReceived: true, seconds: 101)
    // From vm1, with vm2's address.
    let spoofed = TapTraffic.ethernet(2, 9) + TapTraffic.tcp(2, 9, payload: 0)
    host.frame(spoofed, at: 1, isReceived: false, seconds: 101)
    let period = try #require(host.closed(at: 110).first)
    #expect(period.received.isEmpty && period.sent.isEmpty)
    #expect(period.accounting.foreign == 2)
    #expect(period.accounting.seen == 2)
    #expect(period.vms.map(\.spoofed) == [1, 0])
  }

  @Test func everyFrameIsAccountedFor() throws {
    var host = TapTraffic(vms: 1)
    host.frame([], at: 1, isReceived: true, seconds: 101)
    host.frame([UInt8](repeating: 0xff, count: 13), at: 1, isReceived: false, seconds: 101)
    // ARP, RFC 826.
    let arp = [UInt8](repeating: 0xff, count: 6) + TapTraffic.mac(1).octets + [8, 6] + [UInt8](repeating: 0, count: 28)
    host.frame(arp, at: 1, isReceived: false, seconds: 101)
    // IP of version 5.
    var wrong = TapTraffic.ethernet(1, 9) + TapTraffic.tcp(1, 9, payload: 0)
    wrong[14] = 0x55
    host.frame(wrong, at: 1, isReceived: false, seconds: 101)
    host.send(1, 9, at: 1, seconds: 101)
    let accounting = try #require(host.closed(at: 110).first).accounting
    #expect(accounting.notIP == 3)
    #expect(accounting.malformed == 1)
    #expect(accounting.counted == 1)
    #expect(accounting.seen == 5)
  }

  @Test func groupsCountAtEachTapThatReceives() throws {
    var host = TapTraffic(vms: 1, 2, 3)
    let group = try #require(IPAddress("239.1.2.3"))
    let multicast = MACAddress(0x0100_5e01_0203).octets + TapTraffic.mac(1).octets + [8, 0]
      + TapTraffic.udp(1, group, payload: 22) + [UInt8](repeating: 0, count: 22)
    host.frame(multicast, at: 1, isReceived: false, seconds: 101)
    host.frame(multicast, at: 2, isReceived: true, seconds: 101)
    host.frame(multicast, at: 3, isReceived: true, seconds: 101)
    // Directed broadcast from a machine that is no VM.
    let all = try #require(IPAddress("10.0.0.255"))
    let broadcast = MACAddress(0xffff_ffff_ffff).octets + TapTraffic.mac(9).octets + [8, 0]
      + TapTraffic.udp(9, all, payload: 22) + [UInt8](repeating: 0, count: 22)
    host.frame(broadcast, at: 3, isReceived: true, seconds: 102)
    let period = try #require(host.closed(at: 110).first)
    #expect(period.sent.names == ["vm1>239.1.2.3"])
    #expect(period.sent.counts("vm1", "239.1.2.3")?.volume == [1, 64, 50])
    #expect(period.received.names == ["10.0.0.9>10.0.0.255", "vm1>239.1.2.3"])
    #expect(period.received.counts("vm1", "239.1.2.3")?.volume == [2, 128, 100])
    #expect(period.accounting.counted == 4)
  }

  @Test func namesBelongToAVirtualNetwork() throws {
    var counter = LiveCounter(periodLength: 10_000_000_000, start: 0)
    let tap = counter.attach(vm: "vm1", network: 1, mac: TapTraffic.mac(1))
    counter.name([
      SensedMachine(name: "far", network: 1, mac: TapTraffic.mac(2)),
      SensedMachine(name: "other", network: 2, mac: TapTraffic.mac(3)),
    ])
    for peer: UInt8 in [2, 3] {
      let frame = TapTraffic.ethernet(1, peer) + TapTraffic.tcp(1, peer, payload: 0)
      counter.count(frame.span, TapFrame(time: 1, bytes: frame.count, isReceived: false), tap: tap)
    }
    counter.advance(to: 10_000_000_000)
    #expect(counter.takeClosed().first?.sent.names == ["vm1>10.0.0.3", "vm1>far"])
  }

  @Test func anAddressThatIsNotKnownIsLearnt() throws {
    var counter = LiveCounter(periodLength: 10_000_000_000, start: 0)
    let taps = [counter.attach(vm: "a", network: 1, mac: nil), counter.attach(vm: "b", network: 1, mac: nil)]
    func send(_ source: UInt8, _ destination: UInt8, tap: Int, isReceived: Bool, _ counter: inout LiveCounter) {
      let frame = TapTraffic.ethernet(source, destination) + TapTraffic.tcp(source, destination, payload: 0)
      counter.count(frame.span, TapFrame(time: 1, bytes: frame.count, isReceived: isReceived), tap: tap)
    }
    send(2, 1, tap: taps[1], isReceived: false, &counter)
    send(2, 1, tap: taps[0], isReceived: true, &counter)
    send(1, 2, tap: taps[0], isReceived: false, &counter)
    send(1, 2, tap: taps[1], isReceived: true, &counter)
    send(2, 1, tap: taps[1], isReceived: false, &counter)
    counter.advance(to: 10_000_000_000)
    let period = try #require(counter.takeClosed().first)
    #expect(period.received.names == ["a>b", "b>a"])
    // Before a's first frame it was known by its address.
    #expect(period.sent.names == ["a>b", "b>10.0.0.1", "b>a"])
  }

  @Test func addressesBeyondTheLimitAreOneEndpoint() throws {
    let fixed = try #require(IPAddress("10.0.0.200"))
    var host = TapTraffic(vms: 1, limits: .init(addresses: 4, pairs: 100), fixed: [fixed: "files"])
    for machine: UInt8 in 10..<20 { host.send(1, machine, at: 1, seconds: 101, bytes: 60) }
    host.send(1, 200, at: 1, seconds: 101)
    for _ in 0..<20 { host.send(1, 10, at: 1, seconds: 102, bytes: 60) }
    // Said much: kept over the cut, while the others make room.
    let first = try #require(host.closed(at: 110).first)
    #expect(
      first.sent.names
        == ["vm1>0.0.0.0", "vm1>10.0.0.10", "vm1>10.0.0.11", "vm1>10.0.0.12", "vm1>10.0.0.13", "vm1>files"])
    #expect(first.sent.counts("vm1", "0.0.0.0")?.packets == 6)
    #expect(first.sent.counts("vm1", "10.0.0.10")?.packets == 21)
    for machine: UInt8 in [10, 17, 18, 19, 200] { host.send(1, machine, at: 1, seconds: 111, bytes: 60) }
    let second = try #require(host.closed(at: 120).first)
    #expect(second.sent.names == ["vm1>10.0.0.10", "vm1>10.0.0.17", "vm1>10.0.0.18", "vm1>10.0.0.19", "vm1>files"])
  }

  @Test func pairsBeyondTheLimitAreOneEndpoint() throws {
    var host = TapTraffic(vms: 1, 2, limits: .init(addresses: 100, pairs: 2))
    for machine: UInt8 in 10..<20 { host.send(1, machine, at: 1, seconds: 101) }
    host.send(1, 2, at: 1, seconds: 101)
    let period = try #require(host.closed(at: 110).first)
    // Pairs of VMs are as many as there are VMs.
    #expect(period.sent.names == ["vm1>0.0.0.0", "vm1>10.0.0.10", "vm1>10.0.0.11", "vm1>vm2"])
    #expect(period.sent.counts("vm1", "0.0.0.0")?.packets == 8)
  }
}
