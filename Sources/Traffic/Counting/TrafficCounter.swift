internal import Model

/// Counts packets, bytes and what waits are derived from, per ordered pair of addresses and period, with constant work
/// per packet.
///
/// A packet belongs to the period of its own time stamp, in whatever order packets come. Waits are followed in the
/// order in which they come, across cuts between periods; what is counted of them belongs to the period of its pair's
/// last packet. Memory grows with pairs and with the periods of each.
public struct TrafficCounter: ~Copyable, Sendable {
  /// Length of a period, nanoseconds.
  public let periodLength: Int64
  /// Bytes that pairs and periods may take.
  public let memoryLimit: Int

  public private(set) var packets: UInt64 = 0
  public private(set) var ipPackets: UInt64 = 0
  public private(set) var otherPackets: UInt64 = 0
  public private(set) var malformedPackets: UInt64 = 0
  /// The earliest and the latest time stamp, nanoseconds since 1970-01-01T00:00:00Z.
  private var earliest = Int64.max
  private var latest = Int64.min

  private let decoder: PacketDecoder
  private let seed = (UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max))
  private var index = IndexTable()
  private var pairs = ChunkedArray<PairState>()
  private var waits: CaptureWaits
  private var ledger = PeriodLedger()
  private var periods: Set<Int64> = []
  private var current: CurrentPeriod
  private var usedBytes = 0

  /// - Parameters:
  ///   - periodLength: nanoseconds, > 0.
  ///   - hop: how much later than seen a packet reaches its destination, nanoseconds; held to 0 … 1 s.
  public init(
    periodLength: Int64 = 30_000_000_000, hop: Int64 = 50_000, decapsulate: Bool = false,
    memoryLimit: Int = 304 << 20
  ) {
    precondition(periodLength > 0, "a period has a length")
    self.periodLength = periodLength
    self.memoryLimit = memoryLimit
    decoder = PacketDecoder(decapsulate: decapsulate)
    waits = CaptureWaits(hop: hop)
    current = .none
  }

  /// Thrown when pairs and periods need more than the limit.
  public struct MemoryLimitReached: Error, Hashable, Sendable {
    public let limit: Int
    public let pairs: Int
    public let periods: Int
  }

  /// Takes one captured frame.
  ///
  /// - Parameters:
  ///   - time: nanoseconds since 1970-01-01T00:00:00Z. Nil where that isn't known: the packet belongs to the period of
  ///     the one before it, or of the first that has a time; no waits are followed.
  ///   - wireBytes: length of the frame as it was on the wire, without FCS.
  public mutating func count(
    frame: Span<UInt8>, at time: Int64?, wireBytes: Int, linkType: LinkType
  ) throws(MemoryLimitReached) {
    packets += 1
    if let time {
      earliest = min(earliest, time)
      latest = max(latest, time)
      waits.advance(to: time)
      if !current.contains(time) { enterPeriod(of: time) }
    }
    switch decoder.decode(frame, wireBytes: wireBytes, linkType: linkType) {
    case .other: otherPackets += 1
    case .malformed: malformedPackets += 1
    case .ip(let packet):
      ipPackets += 1
      count(packet, at: time)
    }
    if usedBytes > memoryLimit {
      throw MemoryLimitReached(limit: memoryLimit, pairs: pairs.count, periods: periods.count)
    }
  }

  @inline(__always)
  private mutating func count(_ packet: Packet, at time: Int64?) {
    let (key, isForward) = PairKey.of(packet.source, packet.destination)
    let pair = state(of: key)
    if pairs[pair].period != current.number { settle(pair) }
    var number = pairs[pair].add(packet, isForward: isForward)
    guard let time, packet.payload.kind != .none, packet.source != packet.destination else { return }
    if number == PairState.noWaits {
      // Nothing was said yet: a scan needs no more memory.
      if packet.payload.bytes == 0 { return }
      number = UInt32(waits.follow(key, seed: seed))
      pairs[pair].waits = number
      measureMemory()
    }
    waits.count(packet.payload, of: Int(number), isForward: isForward, at: time)
  }

  /// The index of the pair's state, which is made if need be.
  @inline(__always)
  private mutating func state(of key: PairKey) -> Int {
    let known = index.find(hash: key.hash(seed: seed), orEnter: pairs.count) { pairs[$0].key == key }
    if let known { return known }
    pairs.append(PairState(key: key, period: current.number))
    measureMemory()
    return pairs.count - 1
  }

  /// Books what was counted of a pair in the period that it leaves for the current one.
  private mutating func settle(_ pair: Int) {
    addWaits(of: pair)
    ledger.add(pairs[pair].rows, pair: UInt32(pair), period: pairs[pair].period, seed: seed.0)
    pairs[pair].period = current.number
    pairs[pair].rows = PairRows()
    measureMemory()
  }

  private mutating func addWaits(of pair: Int) {
    if pairs[pair].waits != PairState.noWaits { waits.move(Int(pairs[pair].waits), to: &pairs[pair].rows) }
  }

  private mutating func enterPeriod(of time: Int64) {
    current = CurrentPeriod(containing: time, length: periodLength)
    if periods.isEmpty {
      // What came before any time stamp belongs here.
      for pair in 0..<pairs.count { pairs[pair].period = current.number }
    }
    periods.insert(current.number)
    measureMemory()
  }

  /// While packets come in waits are followed; later their place is taken by totals, and by what readers make of the
  /// result.
  private mutating func measureMemory() {
    usedBytes =
      pairs.count * (MemoryLayout<PairState>.stride + IndexTable.bytesPerKey)
      + max(waits.usedBytes, pairs.count * MemoryLayout<PairRows>.stride)
      + ledger.entries.count * PeriodLedger.bytesPerEntry + periods.count * Self.bytesPerPeriod
  }

  /// Of a set of numbers, while it grows, and of the period in the result.
  private static let bytesPerPeriod = 256

  /// Ends the counting: lets arrive what is on its way, and closes open windows.
  public consuming func finish() -> TrafficCounts {
    waits.close()
    for pair in 0..<pairs.count {
      addWaits(of: pair)
      // Back in a period that it had left: to what is there.
      if ledger.addIfKnown(pairs[pair].rows, pair: UInt32(pair), period: pairs[pair].period, seed: seed.0) {
        pairs[pair].rows = PairRows()
      }
    }
    let facts = TrafficFacts(
      packets: packets, ipPackets: ipPackets, otherPackets: otherPackets, malformedPackets: malformedPackets,
      start: periods.isEmpty ? nil : Timestamp(nanoseconds: earliest),
      end: periods.isEmpty ? nil : Timestamp(nanoseconds: latest))
    let (length, periods) = (periodLength, periods.sorted())
    waits = CaptureWaits(hop: 0)
    index = IndexTable()
    return TrafficCounts(
      facts: facts, periodLength: length, periods: periods,
      store: CountStore(pairs: pairs, entries: ledger.takeEntries()))
  }
}

extension TrafficCounter.MemoryLimitReached: CustomStringConvertible {
  public var description: String {
    "\(pairs) pairs in \(periods) periods need more than the \(limit >> 20) MiB that are for them; "
      + "take a longer period, or a shorter part of the capture"
  }
}
