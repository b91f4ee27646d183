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

  /// Adds to the entry of a pair and a period, which is made if need be.
  mutating func add(_ added: PairRows, pair: UInt32, period: Int64, seed: UInt64) {
    let hash = Self.hash(pair, period, seed)
    let known = index.find(hash: hash, orEnter: entries.count) { index in
      entries[index].pair == pair && entries[index].period == period
    }
    if let known {
      entries[known].rows += added
    } else {
      entries.append(Entry(period: period, pair: pair, rows: added))
    }
  }

  /// Adds to the entry of a pair and a period.
  ///
  /// - Returns: whether there is one.
  mutating func addIfKnown(_ added: PairRows, pair: UInt32, period: Int64, seed: UInt64) -> Bool {
    let known = index.find(hash: Self.hash(pair, period, seed)) { index in
      entries[index].pair == pair && entries[index].period == period
    }
    guard let known else { return false }
    entries[known].rows += added
    return true
  }

  consuming func takeEntries() -> ChunkedArray<Entry> { entries }

  private static func hash(_ pair: UInt32, _ period: Int64, _ seed: UInt64) -> UInt32 {
    let hash = PairKey.mix(UInt64(bitPattern: period) ^ seed, UInt64(pair) << 32 ^ seed)
    return UInt32(truncatingIfNeeded: hash ^ hash >> 32)
  }
}
