internal import Model

/// The rows of a period, sorted by source, then destination: packed, some 15 bytes each, in memory as on disk.
public struct PeriodRows: RandomAccessCollection, Sendable {
  /// Of `packed`.
  enum Column: Int, CaseIterable {
    case destination, flags, packets
    /// Packets sent less those counted, as zigzag: commonly none. 0 where nobody saw what was sent.
    case sentExcess
    case ipBytes
    /// Frames' bytes less IP's and 14 of Ethernet a packet, as zigzag: commonly none.
    case frameExcess
    case rounds, windows, lag, turns, matched, runs, shares
  }

  struct Flags: OptionSet, Hashable {
    let rawValue: UInt64

    /// A host has reported that it was received.
    static let received = Flags(rawValue: 1)
    /// A host has reported that it was sent.
    static let sent = Flags(rawValue: 2)
    /// Counts are the sender's, or in part: of several periods this and the next may both hold.
    static let bySender = Flags(rawValue: 4)
    static let byReceiver = Flags(rawValue: 8)
    /// Nobody saw all that was sent.
    static let sentUnknown = Flags(rawValue: 16)
  }

  let table: EndpointTable
  /// Index of the first row of each source, and at the end the number of rows.
  let starts: [UInt32]
  let packed: PackedColumns
  /// Of all rows. Added up once: who looks on asks for it each second.
  public let packets: UInt64
  /// Of all rows.
  public let ipBytes: UInt64
  /// Of each destination the first in `incoming`, and at the end their number.
  let incomingStarts: [UInt32]
  /// Sources of rows that have no row in the opposite direction, by destination: those that do are found there.
  let incoming: PackedColumns
  /// The sender's counts of rows that show none, since nothing arrived: what amends the period may change that.
  let unshown: [UInt32: PairCounts]
  /// One object of all that were found to have rows of the same pairs: such have them at the same indices.
  private(set) var pairs = PairsTag()

  final class PairsTag: Sendable {}

  /// - Parameters:
  ///   - keys: source and destination of each row, as `key(_:_:)` has them; ascending, each once.
  ///   - value: of a row and a column other than that of the destination.
  init(
    table: EndpointTable, keys: [UInt64], unshown: [UInt32: PairCounts] = [:],
    _ value: (_ row: Int, _ column: Column) -> UInt64
  ) {
    self.table = table
    self.unshown = unshown
    let starts = Self.starts(of: keys, count: table.count)
    self.starts = starts
    packed = PackedColumns(count: keys.count, columnCount: Column.allCases.count) { row, column in
      guard let column = Column(rawValue: column), column != .destination else { return keys[row] & 0xffff_ffff }
      return value(row, column)
    }
    (packets, ipBytes) = Self.sums(of: packed)
    let lonely = keys.map(Self.opposite(of:)).filter { !Self.contains($0, in: keys, starts) }.sorted()
    incomingStarts = Self.starts(of: lonely, count: table.count)
    incoming = PackedColumns(count: lonely.count, columnCount: 1) { row, _ in lonely[row] & 0xffff_ffff }
  }

  static func sums(of packed: PackedColumns) -> (packets: UInt64, ipBytes: UInt64) {
    (packed.sum(Column.packets.rawValue), packed.sum(Column.ipBytes.rawValue))
  }

  static func key(_ source: Int, _ destination: Int) -> UInt64 { UInt64(source) << 32 | UInt64(destination) }

  /// Found out once, for all queries: whether it has rows of the same pairs as another, by the same numbers.
  func sharingPairs(with other: PeriodRows?) -> PeriodRows {
    guard let other, table === other.table, starts == other.starts,
      packed.hasColumn(Column.destination.rawValue, of: other.packed)
    else { return self }
    var shared = self
    shared.pairs = other.pairs
    return shared
  }

  static func opposite(of key: UInt64) -> UInt64 { key << 32 | key >> 32 }

  private static func contains(_ key: UInt64, in keys: [UInt64], _ starts: [UInt32]) -> Bool {
    let source = Int(key >> 32)
    var (low, high) = (Int(starts[source]), Int(starts[source + 1]))
    let end = high
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low < end && keys[low] == key
  }

  private static func starts(of keys: [UInt64], count: Int) -> [UInt32] {
    var starts = [UInt32](repeating: 0, count: count + 1)
    for key in keys { starts[Int(key >> 32) + 1] += 1 }
    for index in 0..<count { starts[index + 1] += starts[index] }
    return starts
  }

  // MARK: - Collection

  public var startIndex: Int { 0 }
  public var endIndex: Int { packed.count }

  public subscript(index: Int) -> GlobalPeriod.Row {
    row(index, source: source(of: index))
  }

  public struct Iterator: IteratorProtocol {
    fileprivate let rows: PeriodRows
    private var index = 0
    private var source = 0

    fileprivate init(_ rows: PeriodRows) { self.rows = rows }

    public mutating func next() -> GlobalPeriod.Row? {
      guard index < rows.count else { return nil }
      defer { index += 1 }
      while Int(rows.starts[source + 1]) <= index { source += 1 }
      return rows.row(index, source: source)
    }
  }

  public func makeIterator() -> Iterator { Iterator(self) }

  /// Bytes in memory, but for the endpoints, which are shared.
  public var byteCount: Int {
    packed.byteCount + incoming.byteCount + (starts.count + incomingStarts.count) * MemoryLayout<UInt32>.stride
      + unshownBytes
  }

  /// Of a hash table that is three quarters full at most.
  private var unshownBytes: Int {
    unshown.capacity * 4 / 3 * (MemoryLayout<UInt32>.stride + MemoryLayout<PairCounts>.stride)
  }
}

extension PeriodRows: Hashable {
  /// The same rows, however their endpoints are numbered.
  public static func == (left: Self, right: Self) -> Bool {
    guard left.count == right.count else { return false }
    if left.table === right.table {
      return left.starts == right.starts && left.packed == right.packed && left.unshown == right.unshown
    }
    return left.indices.allSatisfy { index in
      left[index] == right[index] && left.flags(index) == right.flags(index)
        && left.unshown[UInt32(index)] == right.unshown[UInt32(index)]
    }
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    hasher.combine(first)
  }
}

// MARK: - One row

extension PeriodRows {
  @inline(__always)
  func value(_ row: Int, _ column: Column) -> UInt64 { packed.value(row, column.rawValue) }

  func flags(_ row: Int) -> Flags { Flags(rawValue: value(row, .flags)) }

  func destination(of row: Int) -> Int { Int(value(row, .destination)) }

  func source(of row: Int) -> Int {
    // The last that begins at or before it; those without rows begin where the next does.
    var (low, high) = (0, table.count)
    while low < high {
      let middle = (low + high) / 2
      if Int(starts[middle + 1]) <= row { low = middle + 1 } else { high = middle }
    }
    return low
  }

  func rows(of source: Int) -> Range<Int> { Int(starts[source])..<Int(starts[source + 1]) }

  /// The row from one endpoint to another.
  func row(from source: Int, to destination: Int) -> Int? {
    packed.row(of: UInt64(destination), Column.destination.rawValue, in: rows(of: source))
  }

  func row(_ index: Int, source: Int) -> GlobalPeriod.Row {
    let destination = destination(of: index)
    let counts = counts(index)
    let flags = flags(index)
    let opposite = row(from: destination, to: source).map { self.counts($0) }
    // Of an end without a sensor the waits are taken to be those of the other.
    let waits =
      flags.contains(.byReceiver) ? counts.waits(opposite: opposite) : opposite?.waits(opposite: nil) ?? 0
    return GlobalPeriod.Row(
      source: table.endpoints[source], destination: table.endpoints[destination], counts: counts,
      bySender: flags.contains(.bySender), sentPackets: sentPackets(index, flags, counts.packets), waits: waits)
  }

  func sentPackets(_ row: Int, _ flags: Flags, _ packets: UInt64) -> UInt64? {
    flags.contains(.sentUnknown) ? nil : packets &+ value(row, .sentExcess).unzigzagged
  }

  func counts(_ row: Int) -> PairCounts {
    let (packets, ipBytes) = (value(row, .packets), value(row, .ipBytes))
    return PairCounts(
      packets: packets, frameBytes: ipBytes &+ 14 &* packets &+ value(row, .frameExcess).unzigzagged, ipBytes: ipBytes,
      rounds: value(row, .rounds), windows: value(row, .windows),
      lag: Int64(bitPattern: value(row, .lag).unzigzagged), turns: value(row, .turns), matched: value(row, .matched),
      runs: value(row, .runs), shares: value(row, .shares))
  }
}
