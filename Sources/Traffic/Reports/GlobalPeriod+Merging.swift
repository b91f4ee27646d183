public import Model

extension GlobalPeriod {
  /// Merges reports, in any order; one that comes again counts once.
  ///
  /// Of a pair the receiver's count is taken where a host that has the destination VM has reported, or where anybody saw
  /// it arrive (as of multicast), else the sender's. A VM that moved is in the reports of two hosts, which add up.
  ///
  /// - Parameters:
  ///   - reports: those of other periods are left out.
  ///   - expectedHosts: that ought to have reported.
  public init(
    period: Period, reports: some Sequence<SensorReport>, expectedHosts: some Sequence<String>
  ) {
    var merging = Merging()
    for report in reports where report.period == period { merging.take(report) }
    self.period = period
    hosts = merging.hosts.sorted()
    missingHosts = Set(expectedHosts).subtracting(merging.hosts).sorted()
    partialHosts = merging.reasons.mapValues { $0.sorted().joined(separator: "; ") }
    accounting = merging.accounting
    vms = merging.vms.sorted { $0.key < $1.key }.map(\.value)
    rows = merging.rows
  }
}

/// A report's name: it is taken once.
struct ReportKey: Hashable {
  let host: String
  let incarnation: UInt64
  let sequence: UInt64

  init(_ report: SensorReport) {
    host = report.host
    incarnation = report.incarnation
    sequence = report.sequence
  }
}

private struct Merging {
  private var taken = Set<ReportKey>()
  private(set) var hosts = Set<String>()
  private(set) var reasons: [String: Set<String>] = [:]
  private(set) var accounting = Accounting()
  private(set) var vms: [String: GlobalPeriod.VM] = [:]
  private var pairs: [OrderedPair: Ends] = [:]

  /// What was counted at the two ends of a row.
  struct Ends {
    var received: PairCounts?
    var sent: PairCounts?
  }

  mutating func take(_ report: SensorReport) {
    guard taken.insert(ReportKey(report)).inserted else { return }
    hosts.insert(report.host)
    if let reason = report.incomplete { reasons[report.host, default: []].insert(reason) }
    accounting += report.accounting
    for vm in report.vms {
      vms[vm.name] = vms[vm.name].map { $0.adding(vm, at: report.host) } ?? .init(hosts: [report.host], facts: vm)
    }
    for row in report.received where row.source != row.destination {
      pairs[OrderedPair(row), default: Ends()].received.add(row.counts)
    }
    for row in report.sent where row.source != row.destination {
      pairs[OrderedPair(row), default: Ends()].sent.add(row.counts)
    }
  }

  var rows: [GlobalPeriod.Row] {
    pairs.map { pair, ends in
      let own = counts(of: pair, ends)
      let opposite = pairs[pair.opposite].map { counts(of: pair.opposite, $0).counts }
      // Of an end without a sensor the waits are taken to be those of the other.
      let waits = own.bySender ? opposite?.waits(opposite: nil) ?? 0 : own.counts.waits(opposite: opposite)
      return GlobalPeriod.Row(
        source: pair.source, destination: pair.destination, counts: own.counts, bySender: own.bySender,
        sentPackets: ends.sent?.packets ?? (isSeen(pair.source) ? 0 : nil), waits: waits)
    }.sorted { ($0.source, $0.destination) < ($1.source, $1.destination) }
  }

  private func counts(of pair: OrderedPair, _ ends: Ends) -> (counts: PairCounts, bySender: Bool) {
    if let received = ends.received { return (received, false) }
    return isSeen(pair.destination) ? (PairCounts(), false) : (ends.sent ?? PairCounts(), true)
  }

  /// Whether all that such a VM sends and receives is counted.
  private func isSeen(_ endpoint: Endpoint) -> Bool {
    guard case .name(let name) = endpoint, let vm = vms[name] else { return false }
    return vm.facts.unknown == nil
  }
}

extension GlobalPeriod.VM {
  fileprivate func adding(_ other: SensedVM, at host: String) -> Self {
    var sum = self
    if !sum.hosts.contains(host) { sum.hosts = (sum.hosts + [host]).sorted() }
    sum.facts.tapDropped &+= other.tapDropped
    sum.facts.spoofed &+= other.spoofed
    if let known = facts.cpuSeconds, let more = other.cpuSeconds {
      sum.facts.cpuSeconds = known + more
    } else {
      sum.facts.cpuSeconds = nil
    }
    sum.facts.vcpus = max(facts.vcpus, other.vcpus)
    sum.facts.memory = max(facts.memory, other.memory)
    sum.facts.unknown = [facts.unknown, other.unknown].compactMap { $0 }.min()
    return sum
  }
}

extension PairCounts? {
  fileprivate mutating func add(_ counts: PairCounts) {
    if self == nil { self = counts } else { self? += counts }
  }
}
