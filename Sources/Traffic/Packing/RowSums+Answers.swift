internal import Model

extension RowSums {
  /// The means, or whatever the weights make of the sums; sorted by source, then destination. Waits are derived from the
  /// sums of what was counted of them.
  func rows(dividedBy divisor: Double) -> [TrafficStatistics.Row] {
    let figures = Figure.allCases.map { self.figures($0) }
    func value(_ figure: Figure, _ row: Int) -> Double { figures[figure.rawValue][row] / divisor }
    // Not divided: whether a pair asks or swaps is told by a difference of whole numbers.
    func waits(_ row: Int) -> WaitSums {
      var sums = WaitSums()
      sums.turns = figures[Figure.turns.rawValue][row]
      sums.matched = figures[Figure.matched.rawValue][row]
      sums.runs = figures[Figure.runs.rawValue][row]
      sums.shares = figures[Figure.shares.rawValue][row]
      return sums
    }
    let starts = starts
    return keys.indices.map { row in
      let key = keys[row]
      let opposite = place(of: PeriodRows.opposite(of: key), starts).map(waits) ?? WaitSums()
      let flags = flags[row]
      return TrafficStatistics.Row(
        source: table.endpoints[Int(key >> 32)], destination: table.endpoints[Int(key & 0xffff_ffff)],
        packets: value(.packets, row), frameBytes: value(.frameBytes, row), ipBytes: value(.ipBytes, row),
        // Of an end that nobody saw the waits are taken to be those of the other.
        waits: (flags.contains(.byReceiver)
          ? waits(row).waits(opposite: opposite) : opposite.waits(opposite: WaitSums())) / divisor,
        sentPackets: flags.contains(.sentUnknown) ? nil : value(.sentPackets, row),
        bySender: flags.contains(.bySender))
    }
  }

  /// First row of each source.
  private var starts: [Int] {
    var starts = [Int](repeating: 0, count: table.count + 1)
    for key in keys { starts[Int(key >> 32) + 1] += 1 }
    for source in 0..<table.count { starts[source + 1] += starts[source] }
    return starts
  }

  private func place(of key: UInt64, _ starts: [Int]) -> Int? {
    let source = Int(key >> 32)
    var (low, high) = (starts[source], starts[source + 1])
    let end = high
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low < end && keys[low] == key ? low : nil
  }
}

/// Rows of several periods, weighed and added, over whatever tables their endpoints have.
struct WeighedRows {
  private var sums: RowSums
  private let endpoints: Set<Endpoint>?
  /// By table.
  private var known: [ObjectIdentifier: Known] = [:]

  private struct Known {
    /// Keeps it, so that nothing else gets its place.
    let table: EndpointTable
    let numbers: [UInt32]?
    /// Of the endpoints that are wanted.
    let wanted: [Int]?
  }

  /// - Parameter endpoints: only rows of which an end is one of these; nil: all.
  init(of tables: [EndpointTable], touching endpoints: Set<Endpoint>? = nil) {
    sums = RowSums(table: .union(tables))
    self.endpoints = endpoints
  }

  /// Periods in a row commonly have the same pairs, which then are looked for once.
  ///
  /// - Parameter periods: with some of the tables.
  mutating func add(_ periods: [(rows: PeriodRows, weight: Double)]) {
    for alike in RowSums.alike(periods) {
      let (rows, known) = (alike[0].rows, known(alike[0].rows.table))
      sums.add(alike, numbers: known.numbers, only: known.wanted.map { rows.indices(touching: $0) })
    }
  }

  /// - Parameter endpoints: instead of those for all.
  mutating func add(_ rows: PeriodRows, touching endpoints: Set<Endpoint>?, weight: Double) {
    let selection = endpoints.map { rows.indices(touching: rows.numbers(of: $0)) }
    sums.add([(rows, weight)], numbers: known(rows.table).numbers, only: selection)
  }

  private mutating func known(_ table: EndpointTable) -> Known {
    if let known = known[ObjectIdentifier(table)] { return known }
    let new = Known(
      table: table, numbers: table.numbers(in: sums.table),
      wanted: endpoints.map { $0.compactMap { table.number(of: $0) }.sorted() })
    known[ObjectIdentifier(table)] = new
    return new
  }

  /// Sorted by source, then destination.
  func rows(dividedBy divisor: Double) -> [TrafficStatistics.Row] { sums.rows(dividedBy: divisor) }
}
