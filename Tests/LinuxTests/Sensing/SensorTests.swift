import Agent
import Dispatch
import Foundation
import Linux
import Model
import Synchronization
import Testing
import Traffic

/// Real frames at real interfaces, counted by the sensor and by tcpdump.
@Suite(.serialized, .enabled(if: Guests.areSensed, Guests.demand)) struct SensorTests {
  /// Which row of which period.
  struct Key: Hashable {
    var start: Int64
    var isReceived: Bool
    var source: String
    var destination: String
  }

  /// Reports as they come.
  final class Reports: Sendable {
    private let reports = Mutex<[SensorReport]>([])
    private let arrival = DispatchSemaphore(value: 0)

    func take(_ report: SensorReport) {
      reports.withLock { $0.append(report) }
      arrival.signal()
    }

    /// Waits for so many whole periods that begin after this call.
    func next(_ count: Int) throws -> [SensorReport] {
      let now = KernelClock.now
      return try wait(whole: count) { $0.period.start.nanoseconds >= now }
    }

    /// Waits until so many whole periods are there.
    func wait(
      whole count: Int, where isMeant: (SensorReport) -> Bool = { _ in true }
    ) throws -> [SensorReport] {
      while true {
        let whole = reports.withLock { $0.filter { $0.incomplete == nil && isMeant($0) } }
        if whole.count >= count { return whole }
        try #require(arrival.wait(timeout: .now() + 60) == .success, "no report comes")
      }
    }

    var all: [SensorReport] { reports.withLock { $0 } }
  }

  static func tap(_ number: Int) -> SensedTap {
    SensedTap(interface: "tap\(number)", vm: "vm\(number)", mac: MACAddress(Guests.mac(number)), network: "blue")
  }

  /// What a capture at a tap says of its VM, as the sensor should count it.
  static func expected(
    _ frames: [CapturedFrame], at number: Int, period: Int64, into sums: inout [Key: [UInt64]]
  ) {
    let names = Dictionary(uniqueKeysWithValues: (1...3).map { (Guests.mac($0), "vm\($0)") })
    for frame in frames {
      guard let packet = frame.packet else { continue }
      let isSent = frame.sourceMAC == Guests.mac(number)
      guard isSent || frame.isGroup || frame.destinationMAC == Guests.mac(number) else { continue }
      let key = Key(
        start: frame.time / period * period, isReceived: !isSent, source: names[frame.sourceMAC] ?? packet.source,
        destination: frame.isGroup ? packet.destination : names[frame.destinationMAC] ?? packet.destination)
      let old = sums[key, default: [0, 0, 0]]
      sums[key] = [old[0] + 1, old[1] + frame.length, old[2] + packet.ipBytes]
    }
  }

  /// How many frames of a row a capture has within 0.1 ms of the row's period's edges, on either side. The kernel stamps a
  /// frame for each watcher, so such a one may be in the next period for the other.
  static func doubtful(_ frames: [CapturedFrame], at number: Int, period: Int64, into counts: inout [Key: UInt64]) {
    for frame in frames {
      let shifted = [Int64(-100_000), 100_000].map { shift in
        var other = frame
        other.time += shift
        return other
      }
      let (before, after) = (shifted[0].time / period, shifted[1].time / period)
      guard before != after else { continue }
      for frame in shifted {
        var sums: [Key: [UInt64]] = [:]
        expected([frame], at: number, period: period, into: &sums)
        for key in sums.keys { counts[key, default: 0] += 1 }
      }
    }
  }

  static func counted(_ reports: [SensorReport]) -> [Key: [UInt64]] {
    var sums: [Key: [UInt64]] = [:]
    for report in reports {
      for (isReceived, rows) in [(true, report.received), (false, report.sent)] {
        for row in rows where row.counts.packets > 0 {
          let key = Key(
            start: report.period.start.nanoseconds, isReceived: isReceived, source: row.source.description,
            destination: row.destination.description)
          sums[key] = [row.counts.packets, row.counts.frameBytes, row.counts.ipBytes]
        }
      }
    }
    return sums
  }

  /// Conversations over TCP, UDP with a VLAN tag, broadcast, multicast, refusals by ICMP.
  static let programs = [
    """
    import socket, time
    end = time.time() + 5
    while time.time() < end:
      try:
        tcp = socket.create_connection(("10.9.0.2", 7), 5)
        break
      except OSError: time.sleep(0.1)
    raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    raw.bind(("eth0", 0))
    ethernet = bytes.fromhex("525400000902" "525400000901" "8100" "0005" "0800")
    ends = socket.inet_aton("10.9.5.1") + socket.inet_aton("10.9.5.2")
    ip = bytes.fromhex("45000026" "00004000" "4011" "0000") + ends
    tagged = ethernet + ip + bytes.fromhex("0009" "0009" "0012" "0000") + bytes(10)
    while time.time() < end:
      tcp.sendall(b"x" * 700)
      tcp.recv(65536)
      raw.send(tagged)
    """,
    """
    import socket, time
    server = socket.create_server(("10.9.0.2", 7))
    tcp = server.accept()[0]
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    while True:
      if not tcp.recv(65536): break
      tcp.sendall(b"z" * 50)
      udp.sendto(b"b" * 20, ("10.9.0.255", 9))
    """,
    """
    import socket, time
    end = time.time() + 5
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("10.9.0.3"))
    while time.time() < end:
      for address in ("10.9.0.1", "239.1.2.3", "10.9.0.77"):
        try: udp.sendto(b"m" * 64, (address, 9))
        except OSError: pass
      time.sleep(0.001)
    """,
  ]

  @Test func everyPairOfThreePeriodsIsWhatTcpdumpSees() async throws {
    // The kernel stamps most frames once, for all who watch, as long as somebody wants stamps (`SO_TIMESTAMP`, socket(7)).
    let stamping = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    defer { close(stamping) }
    var isOn: Int32 = 1
    try #require(setsockopt(stamping, SOL_SOCKET, SO_TIMESTAMP, &isOn, 4) == 0)
    try await PrivateNetwork.run {
      let guests = try Guests(3)
      for number in 1...3 {
        try guests.run(number, "ethtool -K eth0 tso off gso off gro off >/dev/null 2>&1 || true")
        try guests.capture("tap\(number)")
      }
      let period: Int64 = 1_000_000_000
      let reports = Reports()
      let sensor = try Sensor(SensorConfiguration(host: "h", periodNanoseconds: period)) { reports.take($0) }
      try sensor.update(taps: (1...3).map(Self.tap))
      for number in [2, 1, 3] { try guests.start(number, Self.programs[number - 1]) }
      let whole = Array(try reports.wait(whole: 4)[1...3])
      sensor.stop()

      var expected: [Key: [UInt64]] = [:]
      var doubtful: [Key: UInt64] = [:]
      for number in 1...3 {
        let frames = try guests.captured("tap\(number)")
        Self.expected(frames, at: number, period: period, into: &expected)
        Self.doubtful(frames, at: number, period: period, into: &doubtful)
      }
      let starts = Set(whole.map(\.period.start.nanoseconds))
      expected = expected.filter { starts.contains($0.key.start) }
      let counted = Self.counted(whole)
      for key in Set(counted.keys).union(expected.keys) {
        let (ours, theirs) = (counted[key] ?? [0, 0, 0], expected[key] ?? [0, 0, 0])
        let isAtTheEdge = max(ours[0], theirs[0]) - min(ours[0], theirs[0]) <= doubtful[key] ?? 0
        #expect(ours == theirs || (ours[0] != theirs[0] && isAtTheEdge), "\(key)")
      }
      // Something of each kind was there.
      for name in ["vm2", "10.9.0.255", "239.1.2.3"] { #expect(counted.keys.contains { $0.destination == name }) }
      #expect(whole.allSatisfy { $0.accounting.counted > 1000 && $0.accounting.dropped == 0 })
      #expect(whole.allSatisfy { $0.vms.map(\.name) == ["vm1", "vm2", "vm3"] })
      #expect(zip(whole, whole.dropFirst()).allSatisfy { $0.sequence + 1 == $1.sequence })
    }
  }

  /// Machine 1 sends with segmentation offload to machine 3, which lies behind machine 2, a bridge whose far side cuts
  /// buffers into segments. Counted at both taps on the way, they are as many as come out there.
  @Test func buffersCountAsTheSegmentsThatComeOut() async throws {
    try await PrivateNetwork.run {
      let guests = try Guests(3)
      let (middle, end) = ("ip -n \(guests.namespace(2))", "ip -n \(guests.namespace(3))")
      try PrivateNetwork.run(
        """
        ip link del tap3 && \(middle) addr flush dev eth0 && \
        \(middle) link add br0 type bridge && \(middle) link set br0 up && \(middle) link set eth0 master br0 && \
        \(middle) link add far type veth peer name eth0 netns \(guests.namespace(3)) address \(Guests.mac(3)) && \
        \(middle) link set far master br0 up && \(end) addr add 10.9.0.3/24 dev eth0 && \(end) link set eth0 up
        """)
      try guests.run(2, "ethtool -K far tso off gso off gro off")
      try guests.run(3, "ethtool -K eth0 tso off gso off gro off")
      try guests.capture("eth0", of: 3)
      let reports = Reports()
      let sensor = try Sensor(SensorConfiguration(host: "h", periodNanoseconds: 3_600_000_000_000)) { reports.take($0) }
      // What is behind the second tap is machine 3.
      let far = SensedTap(interface: "tap2", vm: "vm3", mac: MACAddress(Guests.mac(3)), network: "blue")
      try sensor.update(taps: [Self.tap(1), far])
      try guests.start(
        3,
        """
        import socket
        server = socket.create_server(("", 7))
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 131072)
        while True:
          s = server.accept()[0]
          while s.recv(1 << 20): pass
          s.close(); break
        """)
      try guests.run(
        1,
        """
        timeout 60 python3 -c '
        import socket, time
        while True:
          try: s = socket.create_connection(("10.9.0.3", 7), 5); break
          except OSError: time.sleep(0.1)
        for _ in range(300): s.sendall(b"x" * 100001)
        s.shutdown(socket.SHUT_WR); s.recv(1)
        '
        """)
      sensor.stop()
      let frames = try guests.captured("eth0")
      var expected: [Key: [UInt64]] = [:]
      for frame in frames {
        guard let packet = frame.packet, packet.source == "10.9.0.1", packet.destination == "10.9.0.3" else { continue }
        let key = Key(start: 0, isReceived: false, source: "vm1", destination: "vm3")
        let old = expected[key, default: [0, 0, 0]]
        expected[key] = [old[0] + 1, old[1] + frame.length, old[2] + packet.ipBytes]
      }
      let all = reports.all
      let sent = all.flatMap(\.sent).filter { $0.source == .name("vm1") && $0.destination == .name("vm3") }
      let received = all.flatMap(\.received).filter { $0.source == .name("vm1") && $0.destination == .name("vm3") }
      let volume = try #require(expected.values.first)
      // 30 MB in packets of 1448 bytes at most.
      #expect(volume[0] > 20_000)
      for rows in [sent, received] {
        let counts = rows.reduce(into: PairCounts()) { $0 += $1.counts }
        #expect([counts.packets, counts.frameBytes, counts.ipBytes] == volume)
      }
    }
  }

  /// Taps come and go; what is at others is not seen at all, and one that isn't there is said to be unknown.
  @Test func tapsComeAndGo() async throws {
    try await PrivateNetwork.run {
      let guests = try Guests(2)
      let reports = Reports()
      let sensor = try Sensor(SensorConfiguration(host: "h", periodNanoseconds: 200_000_000)) { reports.take($0) }
      try sensor.update(taps: [Self.tap(1), Self.tap(3)])
      let first = try reports.next(1)
      #expect(first[0].vms.map(\.name) == ["vm1", "vm3"])
      #expect(first[0].vms.map { $0.unknown == nil } == [true, false])
      try sensor.update(taps: [])
      try guests.run(1, "python3 -c 'import socket; socket.socket(2, 2).sendto(b\"x\", (\"10.9.0.2\", 9))'")
      #expect(try reports.next(1).allSatisfy { $0.accounting.seen == 0 && $0.vms.isEmpty })
      try sensor.update(taps: [Self.tap(2)])
      try guests.run(1, "python3 -c 'import socket; socket.socket(2, 2).sendto(b\"x\", (\"10.9.0.2\", 9))'")
      sensor.stop()
      let rows = reports.all.flatMap(\.received)
      // The source isn't known by name: its tap is watched no more.
      #expect(rows.contains { $0.source.description == "10.9.0.1" && $0.destination == .name("vm2") })
    }
  }

  /// A VM moves away, and back at once: what the ring holds of it then counts, and once only.
  @Test func whatTheRingHoldsOfATapThatGoesCounts() async throws {
    try await PrivateNetwork.run {
      let guests = try Guests(2)
      let sockets = try GuestSockets(guests)
      let reports = Reports()
      let sensor = try Sensor(SensorConfiguration(host: "h", periodNanoseconds: 3_600_000_000_000)) { reports.take($0) }
      let tap = Self.tap(2)
      let machines = [1, 2].compactMap { number in
        MACAddress(Guests.mac(number)).map { NamedMachine(vm: "vm\(number)", mac: $0, network: "blue") }
      }
      try #require(machines.count == 2)
      for round in 0..<3 {
        try sensor.update(taps: [tap], machines: machines)
        for _ in 0..<100 { sockets.send(from: 1) }
        // Whatever the machine has received has passed its tap, and waits in the ring for its block to be handed over.
        for _ in 0..<100 { try #require(sockets.receive(at: 2)) }
        // In the last round it stays away.
        if round == 1 { try sensor.update(taps: [Self.tap(1)], machines: machines) }
        if round == 2 { try sensor.update(taps: [], machines: machines) }
      }
      sensor.stop()
      let rows = reports.all.flatMap(\.received).filter { $0.destination == .name("vm2") }
      #expect(Set(rows.map(\.source)) == [.name("vm1")])
      #expect(rows.reduce(0) { $0 + $1.counts.packets } == 300)
    }
  }

  /// A clock that is set leaves periods that say so.
  @Test func aClockThatIsSet() async throws {
    try await PrivateNetwork.run {
      let offset = SharedOffset()
      let reports = Reports()
      let configuration = SensorConfiguration(
        host: "h", periodNanoseconds: 100_000_000, clockOffset: { offset.value })
      let sensor = try Sensor(configuration) { reports.take($0) }
      let before = try reports.wait(whole: 2).count
      offset.value = -5_000_000_000
      _ = try reports.wait(whole: before + 2)
      sensor.stop()
      let said = reports.all.compactMap(\.incomplete)
      #expect(said.contains { $0.hasPrefix("the clock was set back by ") })
      let starts = reports.all.map(\.period.start.nanoseconds)
      #expect(zip(starts, starts.dropFirst()).contains { $1 < $0 - 4_000_000_000 })
    }
  }

  final class SharedOffset: Sendable {
    private let stored = Mutex<Int64>(0)
    var value: Int64 {
      get { stored.withLock { $0 } }
      set { stored.withLock { $0 = newValue } }
    }
  }
}
