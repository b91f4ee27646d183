import Model
import Traffic

/// The taps of a host, and frames at them, written field by field. A machine's number tells its addresses: 10.0.0.N,
/// 52:54:00:00:00:N.
struct TapTraffic: ~Copyable {
  static let second: Int64 = 1_000_000_000

  var counter: LiveCounter
  private var taps: [UInt8: Int] = [:]
  /// What each machine has sent to each, for sequence numbers.
  private var next: [UInt16: UInt32] = [:]

  /// Periods of 10 s, from 100 s after 1970 on.
  init(vms: UInt8..., limits: LiveCounter.Limits = .init(), fixed: [IPAddress: String] = [:]) {
    counter = LiveCounter(periodLength: 10 * Self.second, start: 100 * Self.second, fixed: fixed, limits: limits)
    for vm in vms { attach(vm) }
  }

  static func mac(_ machine: UInt8) -> MACAddress { MACAddress(0x5254_0000_0000 | UInt64(machine)) }
  static func address(_ machine: UInt8) -> IPAddress { IPAddress(v4: 0x0a00_0000 | UInt32(machine)) }

  mutating func attach(_ vm: UInt8) {
    taps[vm] = counter.attach(vm: "vm\(vm)", network: 1, mac: Self.mac(vm))
  }

  mutating func detach(_ vm: UInt8, seconds: Double) {
    if let tap = taps[vm] { counter.detach(tap, at: Int64(seconds * 1e9)) }
  }

  /// A frame at the tap of a VM, which is its source or its destination (a switch floods too: `at` says where).
  mutating func frame(_ bytes: [UInt8], at tap: UInt8, isReceived: Bool, seconds: Double, as facts: TapFrame? = nil) {
    guard let number = taps[tap] else { return }
    var facts = facts ?? TapFrame(time: 0, bytes: bytes.count, isReceived: isReceived)
    facts.time = Int64(seconds * 1e9)
    facts.isReceived = isReceived
    counter.count(bytes.span, facts, tap: number)
  }

  /// A TCP segment with PSH.
  mutating func send(_ source: UInt8, _ destination: UInt8, at tap: UInt8, seconds: Double, bytes: Int = 100) {
    let way = UInt16(source) << 8 | UInt16(destination)
    let sequence = next[way, default: 1000]
    // Seen at both taps, it is the same segment.
    if tap == destination || taps[destination] == nil { next[way] = sequence &+ UInt32(bytes) }
    let segment = Self.tcp(source, destination, payload: bytes, sequence: sequence)
    let frame = Self.ethernet(source, destination) + segment + [UInt8](repeating: 0, count: bytes)
    self.frame(frame, at: tap, isReceived: tap == destination, seconds: seconds)
  }

  static func ethernet(_ source: UInt8, _ destination: UInt8) -> [UInt8] {
    mac(destination).octets + mac(source).octets + [0x08, 0x00]
  }

  /// IPv4 header (RFC 791) without options.
  static func ipv4(
    _ source: IPAddress, _ destination: IPAddress, transport: UInt8, totalLength: Int
  ) -> [UInt8] {
    [0x45, 0] + big(totalLength) + [0, 0, 0x40, 0, 64, transport, 0, 0] + source.octets + destination.octets
  }

  /// IPv4 and TCP (RFC 9293) headers; `options` is the length of TCP's.
  static func tcp(
    _ source: UInt8, _ destination: UInt8, payload: Int, sequence: UInt32 = 1000, options: Int = 0, length: Int? = nil
  ) -> [UInt8] {
    ipv4(address(source), address(destination), transport: 6, totalLength: length ?? 40 + options + payload)
      + tcpHeader(source, destination, sequence: sequence, options: options)
  }

  static func tcpHeader(_ source: UInt8, _ destination: UInt8, sequence: UInt32, options: Int = 0) -> [UInt8] {
    [source, 1, destination, 1] + big(Int(sequence >> 16)) + big(Int(sequence & 0xffff)) + [0, 0, 0, 0]
      + [UInt8(5 + options / 4) << 4, 0x18, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 1, count: options)
  }

  static func udp(_ source: UInt8, _ destination: IPAddress, payload: Int) -> [UInt8] {
    ipv4(address(source), destination, transport: 17, totalLength: 28 + payload)
      + [source, 1, 9, 1] + big(8 + payload) + [0, 0]
  }

  static func big(_ number: Int) -> [UInt8] {
    [UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)]
  }

  mutating func closed(at seconds: Double) -> [SensedPeriod] {
    counter.advance(to: Int64(seconds * 1e9))
    return counter.takeClosed()
  }
}

extension [SensorReport.Row] {
  func counts(_ source: String, _ destination: String) -> PairCounts? {
    let rows = filter { $0.source.description == source && $0.destination.description == destination }
    return rows.count == 1 ? rows[0].counts : nil
  }

  /// `source>destination` of each, sorted.
  var names: [String] { map { "\($0.source)>\($0.destination)" }.sorted() }
}

extension PairCounts {
  /// Packets, frame bytes, IP bytes.
  var volume: [UInt64] { [packets, frameBytes, ipBytes] }
}
