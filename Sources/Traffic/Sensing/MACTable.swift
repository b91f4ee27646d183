internal import Model

/// Which VM has an Ethernet address, per virtual network.
struct MACTable: ~Copyable, Sendable {
  private struct Entry: BitwiseCopyable, Sendable {
    let key: UInt64
    var endpoint: UInt32
  }

  private var entries = ChunkedArray<Entry>()
  private var index = IndexTable()
  private let seed: (UInt64, UInt64)

  init(seed: (UInt64, UInt64)) {
    self.seed = seed
  }

  /// The address in the lower 48 bits, the network in the upper 16.
  @inline(__always)
  static func key(network: UInt16, mac: UInt64) -> UInt64 { UInt64(network) << 48 | mac }

  /// The number of the VM's endpoint; nil: no VM has it.
  @inline(__always)
  func endpoint(of key: UInt64) -> UInt32? {
    index.find(hash: hash(key)) { entries[$0].key == key }.map { entries[$0].endpoint }
  }

  mutating func set(_ key: UInt64, _ endpoint: UInt32) {
    if let known = index.find(hash: hash(key), orEnter: entries.count, isEqual: { entries[$0].key == key }) {
      entries[known].endpoint = endpoint
    } else {
      entries.append(Entry(key: key, endpoint: endpoint))
    }
  }

  @inline(__always)
  private func hash(_ key: UInt64) -> UInt32 {
    let mixed = PairKey.mix(key ^ seed.0, seed.1)
    return UInt32(truncatingIfNeeded: mixed ^ mixed >> 32)
  }
}
