import Model
import Traffic

/// Packets between the machines A, B, C, D, one after another, as raw IPv4 (RFC 791) with TCP (RFC 9293) or UDP
/// headers.
struct Exchange: ~Copyable {
  enum Machine: UInt8 {
    case a = 1
    case b, c, d

    var address: IPAddress { IPAddress(v4: 0x0a4d_0000 | UInt32(rawValue)) }
  }

  private var counter: TrafficCounter
  /// What each machine has sent to each, for sequence numbers.
  private var sent: [UInt16: UInt32] = [:]

  init(hop milliseconds: Double = 0.05, period: Int64 = 30_000_000_000) {
    counter = TrafficCounter(periodLength: period, hop: Self.nanoseconds(milliseconds))
  }

  /// - Parameters:
  ///   - milliseconds: when it is seen.
  ///   - bytes: payload without headers.
  ///   - isTCP: else UDP, whose header is part of the payload.
  ///   - ahead: by how much the sequence number lies beyond what was sent.
  mutating func send(
    _ source: Machine, _ destination: Machine, at milliseconds: Double, bytes: UInt16 = 100, push: Bool = true,
    isTCP: Bool = true, port: UInt8 = 1, ahead: Int32 = 0
  ) throws {
    let headers: UInt16 = isTCP ? 40 : 28
    var packet: [UInt8] = [0x45, 0] + Self.big(headers + bytes) + [0, 0, 0, 0, 64, isTCP ? 6 : 17, 0, 0]
    packet += [10, 77, 0, source.rawValue, 10, 77, 0, destination.rawValue]
    packet += [source.rawValue, port, destination.rawValue, port]
    let way = UInt16(source.rawValue) << 8 | UInt16(destination.rawValue)
    let sequence = sent[way, default: 1000]
    let number = sequence &+ UInt32(bitPattern: ahead)
    packet += Self.big(UInt16(truncatingIfNeeded: number >> 16)) + Self.big(UInt16(truncatingIfNeeded: number))
    packet += [0, 0, 0, 0, 0x50, push ? 0x18 : 0x10, 0, 0, 0, 0, 0, 0]
    sent[way] = max(sequence, number &+ UInt32(bytes))
    try counter.count(
      frame: packet.span, at: Self.nanoseconds(milliseconds), wireBytes: Int(headers + bytes), linkType: .raw)
  }

  consuming func finish() -> TrafficCounts { counter.finish() }

  static func nanoseconds(_ milliseconds: Double) -> Int64 { Int64((milliseconds * 1e6).rounded()) }

  private static func big(_ number: UInt16) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 0xff)] }
}

/// What an end counts about its peer.
struct EndFigures: Hashable {
  var turns: UInt64 = 0
  var matched: UInt64 = 0
  var runs: UInt64 = 0
  var shares: UInt64 = 0

  init(_ turns: UInt64, _ matched: UInt64, _ runs: UInt64, _ shares: UInt64) {
    (self.turns, self.matched, self.runs, self.shares) = (turns, matched, runs, shares)
  }

  init(_ counts: PairCounts) {
    self.init(counts.turns, counts.matched, counts.runs, counts.shares)
  }
}

extension TrafficCounts {
  func row(_ source: Exchange.Machine, _ destination: Exchange.Machine) -> Row? {
    rows.first { $0.source == source.address && $0.destination == destination.address }
  }

  /// What the first machine's end counts about the second: of the row that ends there.
  func figures(at end: Exchange.Machine, about peer: Exchange.Machine) -> EndFigures? {
    row(peer, end).map { EndFigures($0.counts) }
  }
}
