public import Model

/// The reports of one period, added up as they come in, each once. In any order the sum is the same.
public struct PeriodReports: Sendable {
  public let period: Period
  /// With a report.
  public private(set) var hosts: Set<String> = []
  private var taken: Set<ReportKey> = []
  private var reasons: [String: Set<String>] = [:]
  private var accounting = Accounting()
  private var vms: [String: GlobalPeriod.VM] = [:]
  private var pairs: PairEnds
  /// Of a period that is commonly like this one.
  private let neighbour: PeriodRows?

  /// - Parameter previous: a period that is commonly like this one.
  public init(period: Period, like previous: GlobalPeriod? = nil) {
    self.period = period
    neighbour = previous?.rows
    pairs = PairEnds(like: previous?.rows.table ?? .empty, count: previous?.rows.count ?? 0)
  }

  /// To be amended.
  ///
  /// - Parameter traffic: of one period, not of several.
  public init(amending traffic: GlobalPeriod) {
    period = traffic.period
    hosts = Set(traffic.hosts)
    taken = Set(traffic.reports)
    reasons = traffic.reasons.mapValues { Set($0) }
    accounting = traffic.accounting
    vms = Dictionary(traffic.vms.lazy.map { ($0.facts.name, $0) }) { first, _ in first }
    pairs = PairEnds(traffic.rows)
    neighbour = traffic.rows
  }

  public var isEmpty: Bool { taken.isEmpty }
  public var count: Int { taken.count }

  /// - Returns: false where it was there, or is of another period.
  @discardableResult
  public mutating func take(_ report: SensorReport) -> Bool {
    guard report.period == period, taken.insert(ReportKey(report)).inserted else { return false }
    hosts.insert(report.host)
    if let reason = report.incomplete { reasons[report.host, default: []].insert(reason) }
    accounting += report.accounting
    for vm in report.vms {
      pairs.number(of: .name(vm.name))
      vms[vm.name] = vms[vm.name].map { $0.adding(vm, at: [report.host]) } ?? .init(hosts: [report.host], facts: vm)
    }
    pairs.add(received: report.received)
    pairs.add(sent: report.sent)
    return true
  }

  /// Of a pair the receiver's count is taken where a host that has the destination VM has reported, or where anybody saw
  /// it arrive (as of multicast), else the sender's. A VM that moved is in the reports of two hosts, which add up.
  ///
  /// - Parameters:
  ///   - expectedHosts: that ought to have reported.
  ///   - isClosed: whether those are all.
  public func merged(expectedHosts: some Sequence<String>, isClosed: Bool = true) -> GlobalPeriod {
    let (table, ranks) = pairs.layout(named: vms.keys.lazy.map(Endpoint.name))
    let hosts = hosts.sorted()
    return GlobalPeriod(
      period: period, reports: taken.sorted(), hosts: hosts,
      missingHosts: Set(expectedHosts).subtracting(hosts).sorted(), reasons: reasons.mapValues { $0.sorted() },
      accounting: accounting, vms: PeriodVMs(vms.values, table: table, hosts: hosts), rows: rows(table, ranks),
      isClosed: isClosed)
  }

  private func rows(_ table: EndpointTable, _ ranks: [Int]) -> PeriodRows {
    // Endpoints of which all that they send and receive is counted.
    var isSeen = [Bool](repeating: false, count: ranks.count)
    for vm in vms.values where vm.facts.unknown == nil {
      if let number = pairs.number(known: .name(vm.facts.name)) { isSeen[number] = true }
    }
    var order = pairs.keys.enumerated().map { place, key in
      (key: PeriodRows.key(ranks[Int(key >> 32)], ranks[Int(key & 0xffff_ffff)]), place: place)
    }
    order.sort { $0.key < $1.key }
    var unshown: [UInt32: PairCounts] = [:]
    let rows = order.enumerated().map { row, entry in
      let key = pairs.keys[entry.place]
      let (source, destination) = (isSeen[Int(key >> 32)], isSeen[Int(key & 0xffff_ffff)])
      let merged = MergedRow(pairs.ends[entry.place], isSourceSeen: source, isDestinationSeen: destination)
      if merged.isUnshown { unshown[UInt32(row)] = pairs.ends[entry.place].counts }
      return merged
    }
    return PeriodRows(table: table, keys: order.map(\.key), unshown: unshown) { row, column in rows[row].value(column) }
      .sharingPairs(with: neighbour)
  }
}

/// A row of a period as its columns have it.
private struct MergedRow {
  var counts: PairCounts
  var sentPackets: UInt64
  var flags: PeriodRows.Flags
  /// It was sent, and nothing of it arrived.
  var isUnshown: Bool

  init(_ ends: PairEnds.Ends, isSourceSeen: Bool, isDestinationSeen: Bool) {
    isUnshown = !ends.flags.contains(.received) && isDestinationSeen
    counts = isUnshown ? PairCounts() : ends.counts
    sentPackets = ends.sentPackets
    flags = ends.flags
    flags.insert(ends.flags.contains(.received) || isDestinationSeen ? .byReceiver : .bySender)
    if !ends.flags.contains(.sent), !isSourceSeen { flags.insert(.sentUnknown) }
  }

  func value(_ column: PeriodRows.Column) -> UInt64 {
    column == .sentExcess && flags.contains(.sentUnknown)
      ? 0 : counts.value(column, sentPackets: sentPackets, flags: flags)
  }
}

extension PairCounts {
  /// What a column has of a row; the destination's is 0.
  @inline(__always)
  func value(_ column: PeriodRows.Column, sentPackets: UInt64, flags: PeriodRows.Flags) -> UInt64 {
    switch column {
    case .destination: 0
    case .flags: flags.rawValue
    case .packets: packets
    case .sentExcess: UInt64(zigzag: Int64(bitPattern: sentPackets &- packets))
    case .ipBytes: ipBytes
    case .frameExcess: UInt64(zigzag: Int64(bitPattern: frameBytes &- ipBytes &- 14 &* packets))
    case .rounds: rounds
    case .windows: windows
    case .lag: UInt64(zigzag: lag)
    case .turns: turns
    case .matched: matched
    case .runs: runs
    case .shares: shares
    }
  }
}
