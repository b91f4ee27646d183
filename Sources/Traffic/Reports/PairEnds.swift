internal import Model

/// What hosts have counted at the two ends of each pair, in any order: a sum.
struct PairEnds: Sendable {
  /// Of a row what its merged form needs, and what amends that later: where the receiver has counted, only the packets
  /// of the sender.
  struct Ends {
    /// The receiver's, where there are any, else the sender's.
    var counts = PairCounts()
    var sentPackets: UInt64 = 0
    var flags: PeriodRows.Flags = []

    mutating func add(received: PairCounts) {
      if flags.contains(.received) { counts += received } else { counts = received }
      flags.insert(.received)
    }

    mutating func add(sent: PairCounts) {
      if !flags.contains(.received) { counts += sent }
      sentPackets &+= sent.packets
      flags.insert(.sent)
    }
  }

  /// Endpoints have the numbers that they have in this one; those that it hasn't have later ones.
  private let table: EndpointTable
  private var added: [Endpoint] = []
  private var numbers: [Endpoint: UInt32]
  private(set) var keys: [UInt64] = []
  private(set) var ends: [Ends] = []
  private var index = IndexTable()

  /// - Parameter table: of a period that is commonly like this one.
  init(like table: EndpointTable, count: Int) {
    self.table = table
    numbers = Dictionary(minimumCapacity: table.count)
    for (number, endpoint) in table.endpoints.enumerated() { numbers[endpoint] = UInt32(number) }
    keys.reserveCapacity(count)
    ends.reserveCapacity(count)
  }

  init(_ rows: PeriodRows) {
    self.init(like: rows.table, count: rows.count)
    for source in 0..<rows.table.count {
      for row in rows.rows(of: source) {
        let counts = rows.counts(row)
        let flags = rows.flags(row)
        let sent = flags.contains(.sent) ? rows.sentPackets(row, flags, counts.packets) ?? 0 : 0
        _ = place(of: PeriodRows.key(source, rows.destination(of: row)))
        ends[ends.count - 1] = Ends(
          counts: rows.unshown[UInt32(row)] ?? counts, sentPackets: sent, flags: flags.intersection([.received, .sent]))
      }
    }
  }

  mutating func add(received rows: [SensorReport.Row]) {
    add(rows) { ends, counts in ends.add(received: counts) }
  }

  mutating func add(sent rows: [SensorReport.Row]) {
    add(rows) { ends, counts in ends.add(sent: counts) }
  }

  @inline(__always)
  private mutating func add(_ rows: [SensorReport.Row], _ count: (inout Ends, PairCounts) -> Void) {
    // Sensors commonly list the rows of one endpoint in a row.
    var (source, destination) = (Known(), Known())
    for row in rows where row.source != row.destination {
      let key = PeriodRows.key(number(of: row.source, &source), number(of: row.destination, &destination))
      count(&ends[place(of: key)], row.counts)
    }
  }

  private struct Known {
    var endpoint: Endpoint?
    var number = 0
  }

  private mutating func number(of endpoint: Endpoint, _ known: inout Known) -> Int {
    if known.endpoint != endpoint { known = Known(endpoint: endpoint, number: number(of: endpoint)) }
    return known.number
  }

  /// A new one gets the next.
  @discardableResult
  mutating func number(of endpoint: Endpoint) -> Int {
    if let number = numbers[endpoint] { return Int(number) }
    let number = table.count + added.count
    numbers[endpoint] = UInt32(number)
    added.append(endpoint)
    return number
  }

  private mutating func place(of key: UInt64) -> Int {
    let hash = UInt32(truncatingIfNeeded: (key &* 0x9e37_79b9_7f4a_7c15) >> 32)
    if let known = index.find(hash: hash, orEnter: keys.count, isEqual: { keys[$0] == key }) { return known }
    keys.append(key)
    ends.append(Ends())
    return keys.count - 1
  }

  // MARK: - Numbers in a period

  /// A table of all endpoints that occur, and of each number here its number there.
  ///
  /// The one that this began with is kept as long as it does: periods that share one are added up quickly.
  ///
  /// - Parameter named: occur too.
  func layout(named: some Sequence<Endpoint>) -> (table: EndpointTable, ranks: [Int]) {
    let count = table.count + added.count
    var isUsed = [Bool](repeating: false, count: count)
    for key in keys {
      isUsed[Int(key >> 32)] = true
      isUsed[Int(key & 0xffff_ffff)] = true
    }
    for endpoint in named {
      if let number = numbers[endpoint] { isUsed[Int(number)] = true }
    }
    let used = isUsed.lazy.filter { $0 }.count
    let isSparse = count > 2 * used
    guard isSparse || !added.isEmpty else { return (table, Array(0..<count)) }
    let all = table.endpoints + added
    let order = (0..<count).filter { isUsed[$0] || !isSparse }.sorted { all[$0] < all[$1] }
    var ranks = [Int](repeating: 0, count: count)
    for (rank, number) in order.enumerated() { ranks[number] = rank }
    return (EndpointTable(sorted: order.map { all[$0] }), ranks)
  }

  func number(known endpoint: Endpoint) -> Int? { numbers[endpoint].map(Int.init) }
}
