public import Model

/// Who sent how much to whom, per period and in all.
public struct TrafficCounts: Sendable {
  /// One direction of a pair.
  public struct Row: Hashable, Sendable {
    public var source: IPAddress
    public var destination: IPAddress
    public var counts: PairCounts
    /// How often the destination stood still until something of the source's had crossed.
    public var waits: Double
  }

  public struct PeriodRows: Sendable {
    public var period: Period
    /// Sorted by source, then destination; empty where nothing but other or malformed packets came.
    public var rows: [Row]
  }

  public let facts: TrafficFacts
  /// Every period with a packet, in order.
  public let periods: [PeriodRows]
  /// All periods together, sorted by source, then destination.
  public let rows: [Row]

  init(
    facts: TrafficFacts, periodLength: Int64, periods numbers: [Int64],
    entries: borrowing ChunkedArray<PeriodLedger.Entry>,
    keys: borrowing ChunkedArray<PairState>
  ) {
    self.facts = facts
    var totals = [PairRows](repeating: PairRows(), count: keys.count)
    for index in 0..<entries.count { totals[Int(entries[index].pair)] += entries[index].rows }
    let order = (0..<UInt32(entries.count)).sorted { entries[Int($0)].period < entries[Int($1)].period }
    var periods: [PeriodRows] = []
    periods.reserveCapacity(numbers.count)
    var position = 0
    for number in numbers {
      var rows: [Row] = []
      while position < order.count, entries[Int(order[position])].period == number {
        let entry = entries[Int(order[position])]
        rows.append(entry.rows, of: keys[Int(entry.pair)].key, totals[Int(entry.pair)])
        position += 1
      }
      rows.sortByPair()
      let start = Timestamp(nanoseconds: CurrentPeriod.start(of: number, length: periodLength))
      periods.append(PeriodRows(period: Period(start: start, length: periodLength), rows: rows))
    }
    self.periods = periods
    if periods.count > 1 {
      var rows: [Row] = []
      for (pair, counts) in totals.enumerated() { rows.append(counts, of: keys[pair].key, counts) }
      rows.sortByPair()
      self.rows = rows
    } else {
      rows = periods.first?.rows ?? []
    }
  }

  /// The rows of all periods together as a matrix over the time between the first packet and the last.
  public var matrix: TrafficMatrix {
    let window: Double? =
      if let start = facts.start, let end = facts.end {
        Double(UInt64(bitPattern: end.nanoseconds &- start.nanoseconds)) / 1e9
      } else {
        nil
      }
    return TrafficMatrix(
      rows: rows.lazy.map { row in
        TrafficMatrix.Row(
          source: .address(row.source), destination: .address(row.destination), packets: Double(row.counts.packets),
          frameBytes: Double(row.counts.frameBytes), ipBytes: Double(row.counts.ipBytes), waits: row.waits)
      }, hasWaits: true, windowSeconds: window)
  }
}

extension [TrafficCounts.Row] {
  /// The rows of a pair that say anything: none of a direction in which never a packet went, though windows close
  /// there.
  fileprivate mutating func append(_ added: PairRows, of key: PairKey, _ total: PairRows) {
    let (first, second) = (key.first, key.second)
    if total.forward.packets > 0, added.forward != PairCounts() {
      append(
        Element(
          source: first, destination: second, counts: added.forward,
          waits: added.forward.waits(opposite: added.backward)))
    }
    if total.backward.packets > 0, added.backward != PairCounts() {
      append(
        Element(
          source: second, destination: first, counts: added.backward,
          waits: added.backward.waits(opposite: added.forward)))
    }
  }

  fileprivate mutating func sortByPair() {
    sort { ($0.source, $0.destination) < ($1.source, $1.destination) }
  }
}
