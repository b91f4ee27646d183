internal import Model

/// Packets and bytes of one direction.
struct Volume: BitwiseCopyable, Sendable {
  var packets: UInt64 = 0
  var frameBytes: UInt64 = 0
  var ipBytes: UInt64 = 0

  @inline(__always)
  mutating func add(_ sizes: WireSizes) {
    packets &+= sizes.packets
    frameBytes &+= sizes.frameBytes
    ipBytes &+= sizes.ipBytes
  }

  /// With what its end counted of waits, if it is the direction that ends there.
  func counts(_ end: EndCounts = EndCounts()) -> PairCounts {
    PairCounts(
      packets: packets, frameBytes: frameBytes, ipBytes: ipBytes, rounds: end.rounds, windows: end.windows, lag: end.lag,
      turns: end.turns, matched: end.matched, runs: end.runs, shares: end.shares)
  }
}

/// What a tap's VM and a peer of it sent one another in the present period; or what groups received at all taps from one source.
struct LivePair: BitwiseCopyable, Sendable {
  /// Who it is about.
  struct Key: BitwiseCopyable, Hashable, Sendable {
    let bits: UInt64

    /// A tap's VM and an endpoint. Taps are fewer than 2³¹.
    @inline(__always)
    init(tap: Int, peer: UInt32) {
      bits = UInt64(UInt32(truncatingIfNeeded: tap)) << 32 | UInt64(peer)
    }

    /// What a source sends to a group. Endpoints are fewer than 2³¹.
    @inline(__always)
    init(source: UInt32, group: UInt32) {
      bits = 1 << 63 | UInt64(source) << 32 | UInt64(group)
    }

    var isGroup: Bool { bits >> 63 == 1 }
    /// The tap, or the source.
    var upper: UInt32 { UInt32(truncatingIfNeeded: bits >> 32 & 0x7fff_ffff) }
    /// The peer, or the group.
    var lower: UInt32 { UInt32(truncatingIfNeeded: bits) }
  }

  let key: Key
  var sent = Volume()
  var received = Volume()
  /// Place of its waits; at first it has none, so that a scan takes no memory for them.
  var waits = Self.noWaits

  static let noWaits = UInt32.max

  init(_ key: Key) {
    self.key = key
  }

  var packets: UInt64 { sent.packets &+ received.packets }
}

/// The VM's end of a pair.
struct LiveWaits: BitwiseCopyable, Sendable {
  var connections = RecentConnections()
  var end = PairEnd()
}
