internal import Model

/// The counts of each pair in each period that it has left, of which a late packet may make it come back.
struct PeriodLedger: ~Copyable, Sendable {
  struct Entry: Sendable {
    let period: Int64
    let pair: UInt32
    var rows: PairRows
  }

  private(set) var entries = ChunkedArray<Entry>()
  private var index = IndexTable()

  /// Bytes that one more entry may take, its share of the index included.
  static let bytesPerEntry = MemoryLayout<Entry>.stride + IndexTable.bytesPerKey

  mutating func add(_ added: PairRows, pair: UInt32, period: Int64, seed: UInt64) {
    let hash = PairKey.mix(UInt64(bitPattern: period) ^ seed, UInt64(pair) << 32 ^ seed)
    let known = index.find(hash: UInt32(truncatingIfNeeded: hash ^ hash >> 32), orEnter: entries.count) { index in
      entries[index].pair == pair && entries[index].period == period
    }
    if let known {
      entries[known].rows += added
    } else {
      entries.append(Entry(period: period, pair: pair, rows: added))
    }
  }
}
