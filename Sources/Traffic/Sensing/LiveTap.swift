internal import Model

/// A tap that is watched.
struct LiveTap: BitwiseCopyable, Sendable {
  enum State: UInt8 {
    case vacant, attached
    /// Its VM has gone at ``LiveTap/until``.
    case detached
    /// It had gone before the present period: what comes late counts.
    case gone
  }

  /// No Ethernet address: it isn't known yet.
  static let noMAC = UInt64.max

  var state = State.vacant
  /// When it was detached, nanoseconds since 1970.
  var until = Int64.max
  var network: UInt16 = 0
  var mac = Self.noMAC
  /// Of its VM.
  var endpoint: UInt32 = 0
  /// Frames of the period from another address than its own.
  var spoofed: UInt64 = 0
  var peers = RecentPeers()
  var phases = MachinePhases()

  /// Whether it is still watched after a period that ends then.
  func remains(after end: Int64) -> Bool { state == .attached || state == .detached && until >= end }
}

/// Machines that a tap's VM lately had packets from or for, and the places of their pairs: found with one comparison.
struct RecentPeers: BitwiseCopyable, Sendable {
  private struct Peer: BitwiseCopyable, Sendable {
    var mac = LiveTap.noMAC
    var address = LiveCounter.rest
    var pair: UInt32 = 0
  }

  /// Each has one place where it can be; of eight peers two seldom have the same.
  private var peers = InlineArray<32, Peer>(repeating: Peer())

  /// Mutating only so that it looks in place: else the compiler copies all places first, with a call per packet.
  @inline(__always)
  mutating func pair(_ mac: UInt64, _ address: IPAddress) -> Int? {
    let peer = peers[Self.place(mac, address)]
    return peer.mac == mac && peer.address == address ? Int(peer.pair) : nil
  }

  mutating func set(_ mac: UInt64, _ address: IPAddress, _ pair: Int) {
    peers[Self.place(mac, address)] = Peer(mac: mac, address: address, pair: UInt32(pair))
  }

  /// Both addresses often end with the same number.
  @inline(__always)
  private static func place(_ mac: UInt64, _ address: IPAddress) -> Int {
    let mixed = (mac &+ (address.low &<< 20)) &* 0x9e37_79b9_7f4a_7c15
    return Int(truncatingIfNeeded: mixed &>> 59)
  }
}
