public import Model

/// Counts the frames at the taps of a host's VMs, period by period, with constant work and no allocation per packet.
///
/// A VM is an endpoint by its name, told by its Ethernet address within a virtual network; all else is one by its IP
/// address. Unicast counts only to and from the VM's own address; of multicast and broadcast the destination is the group's
/// IP address. Waits are followed at the VM's end of each pair, over the cuts between periods (docs/waits.md).
///
/// Memory is bounded: of endpoints by address only ``Limits/addresses`` are told apart, the rest is summed up under
/// ``rest``. At a cut those that said little in the period make room once more than half of it is taken.
public struct LiveCounter: ~Copyable, Sendable {
  /// Of what is told apart.
  public struct Limits: Hashable, Sendable {
    /// Endpoints that are told by their IP address.
    public var addresses: Int
    /// Pairs with such an endpoint.
    public var pairs: Int

    public init(addresses: Int = 100_000, pairs: Int = 200_000) {
      self.addresses = addresses
      self.pairs = pairs
    }
  }

  /// The endpoint of all that is beyond the limits: the unspecified address, which no machine has.
  public static let rest = IPAddress(v4: 0)

  /// Nanoseconds.
  public let periodLength: Int64
  let limits: Limits
  let fixed: [IPAddress: String]
  let decoderSeed = (UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max))

  // The present period: start ..< end.
  var start: Int64
  var end: Int64
  var incomplete: String?
  var accounting = Accounting()
  var late: UInt64 = 0
  var closed: [SensedPeriod] = []

  var endpoints: LiveEndpoints
  var given: [SensedMachine] = []
  var machines: MACTable
  var taps = ChunkedArray<LiveTap>()
  var pairs = ChunkedArray<LivePair>()
  var index = IndexTable()
  var waits = ChunkedArray<LiveWaits>()

  /// - Parameters:
  ///   - periodLength: nanoseconds, > 0.
  ///   - start: nanoseconds since 1970; its period is incomplete.
  ///   - fixed: endpoints that are no VM and always told apart, by their address, with the name that rows have for them.
  public init(
    periodLength: Int64 = 30_000_000_000, start: Int64, fixed: [IPAddress: String] = [:], limits: Limits = Limits()
  ) {
    precondition(periodLength > 0, "a period has a length")
    self.periodLength = periodLength
    self.limits = limits
    self.fixed = fixed
    endpoints = LiveEndpoints(limit: limits.addresses, fixed: fixed, seed: decoderSeed)
    machines = MACTable(seed: decoderSeed)
    (self.start, end) = Self.bounds(of: start, length: periodLength)
    incomplete = "the sensor was started within it"
  }

  static func bounds(of time: Int64, length: Int64) -> (start: Int64, end: Int64) {
    let start = Period(containing: Timestamp(nanoseconds: time), length: length).start.nanoseconds
    let (end, overflow) = start.addingReportingOverflow(length)
    return (start, overflow ? .max : end)
  }

  /// Takes a frame.
  ///
  /// - Parameters:
  ///   - frame: its first bytes, from the Ethernet header on.
  ///   - tap: as ``attach(_:)`` numbered it.
  public mutating func count(_ frame: Span<UInt8>, _ facts: TapFrame, tap: Int) {
    if facts.time < start || facts.time >= end { enterPeriod(of: facts.time) }
    guard frame.count >= 14 else {
      accounting.notIP &+= 1
      return
    }
    let isGroupFrame = frame[0] & 1 != 0
    let (destination, source) = (frame.bigEndian48(at: 0), frame.bigEndian48(at: 6))
    guard isOwn(isGroupFrame, destination, source, isReceived: facts.isReceived, tap: tap) else {
      accounting.foreign &+= 1
      return
    }
    guard let network = NetworkLayer(ethernet: frame, at: 0) else {
      accounting.notIP &+= 1
      return
    }
    // IPv4 in line: a header that is returned goes through memory.
    let header: IPHeader
    if network.version == .v4, let plain = IPHeader(v4: frame, at: network.offset, wireBytes: facts.bytes) {
      header = plain
    } else if network.version == .v6, let plain = IPHeader(v6: frame, at: network.offset, wireBytes: facts.bytes) {
      header = plain
    } else {
      accounting.malformed &+= 1
      return
    }
    let sizes = WireSizes(header, at: network.offset, of: frame, facts)
    accounting.counted &+= sizes.packets
    if network.isGroup || header.destination.isGroup {
      countGroup(header, source, sizes, tap: tap, isReceived: facts.isReceived)
      return
    }
    let pair = pair(
      with: facts.isReceived ? source : destination, facts.isReceived ? header.source : header.destination, at: tap)
    if facts.isReceived { pairs[pair].received.add(sizes) } else { pairs[pair].sent.add(sizes) }
    follow(header.payload(in: frame), sizes.lastBytes, facts.time, facts.isReceived, of: pair, tap: tap)
  }

  /// The place of the pair of a tap's VM with a machine. A VM talks to few at a time.
  @inline(__always)
  private mutating func pair(with mac: UInt64, _ address: IPAddress, at tap: Int) -> Int {
    taps[tap].peers.pair(mac, address) ?? find(mac, address, at: tap)
  }

  @inline(never)
  private mutating func find(_ mac: UInt64, _ address: IPAddress, at tap: Int) -> Int {
    let peer = endpoint(mac, address, tap)
    let pair = pair(of: LivePair.Key(tap: tap, peer: peer), isBounded: endpoints.isAddress(peer))
    taps[tap].peers.set(mac, address, pair)
    return pair
  }

  /// Whether the frame is the VM's own, by its Ethernet addresses: a bridge floods, and a VM may lie.
  @inline(__always)
  private mutating func isOwn(
    _ isGroup: Bool, _ destination: UInt64, _ source: UInt64, isReceived: Bool, tap: Int
  ) -> Bool {
    let mac = taps[tap].mac
    if isReceived { return isGroup || destination == mac || mac == LiveTap.noMAC }
    if source == mac { return true }
    if mac == LiveTap.noMAC { return learn(source, tap: tap) }
    taps[tap].spoofed &+= 1
    return false
  }

  @inline(never)
  private mutating func countGroup(
    _ header: IPHeader, _ source: UInt64, _ sizes: WireSizes, tap: Int, isReceived: Bool
  ) {
    let group = endpoints.number(of: header.destination)
    if isReceived {
      let key = LivePair.Key(source: endpoint(source, header.source, tap), group: group)
      let pair = pair(of: key, isBounded: true)
      pairs[pair].received.add(sizes)
    } else {
      let pair = pair(of: LivePair.Key(tap: tap, peer: group), isBounded: true)
      pairs[pair].sent.add(sizes)
    }
  }

  /// The endpoint at the other end of a frame.
  @inline(__always)
  private mutating func endpoint(_ mac: UInt64, _ address: IPAddress, _ tap: Int) -> UInt32 {
    machines.endpoint(of: MACTable.key(network: taps[tap].network, mac: mac)) ?? endpoints.number(of: address)
  }

  /// The place of the pair, which is entered if need be. Beyond the limit that is the one with the rest.
  @inline(__always)
  private mutating func pair(of key: LivePair.Key, isBounded: Bool) -> Int {
    if let known = index.find(hash: hash(key), isEqual: { pairs[$0].key == key }) { return known }
    return enter(key, isBounded: isBounded)
  }

  @inline(never)
  private mutating func enter(_ key: LivePair.Key, isBounded: Bool) -> Int {
    let isFull = isBounded && pairs.count >= limits.pairs
    let rest =
      key.isGroup
      ? LivePair.Key(source: LiveEndpoints.rest, group: LiveEndpoints.rest)
      : LivePair.Key(tap: Int(key.upper), peer: LiveEndpoints.rest)
    return place(of: isFull ? rest : key)
  }

  mutating func place(of key: LivePair.Key) -> Int {
    if let known = index.find(hash: hash(key), orEnter: pairs.count, isEqual: { pairs[$0].key == key }) { return known }
    pairs.append(LivePair(key))
    return pairs.count - 1
  }

  @inline(__always)
  private func hash(_ key: LivePair.Key) -> UInt32 {
    let mixed = PairKey.mix(key.bits ^ decoderSeed.0, decoderSeed.1)
    return UInt32(truncatingIfNeeded: mixed ^ mixed >> 32)
  }

  /// Follows waits at the VM's end. A buffer of segmentation offload counts as its last segment.
  ///
  /// Out of line: else the compiler leaves the decoder out of line, which costs more.
  @inline(never)
  private mutating func follow(
    _ payload: Payload, _ last: UInt32?, _ time: Int64, _ isReceived: Bool, of pair: Int, tap: Int
  ) {
    var number = pairs[pair].waits
    if number == LivePair.noWaits {
      if payload.kind == .none || payload.bytes == 0 || pairs[pair].key.lower == LiveEndpoints.rest { return }
      number = UInt32(waits.count)
      waits.append(LiveWaits())
      pairs[pair].waits = number
    }
    let place = Int(number)
    guard var part = waits[place].connections.part(payload, from: isReceived ? .second : .first) else { return }
    if let last, payload.kind == .segment { part = MessagePart(bytes: last, isPush: payload.isPush) }
    if isReceived {
      waits[place].end.receive(part, at: time, phases: &taps[tap].phases)
    } else {
      waits[place].end.send(part, at: time, phases: &taps[tap].phases)
    }
  }
}
