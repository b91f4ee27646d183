public import Model

/// What is known of one period from the reports of all hosts; or of several periods in a row, added up.
public struct GlobalPeriod: Hashable, Sendable {
  public let period: Period
  /// Those that it is made of, sorted; of several periods none are told any more.
  public let reports: [ReportKey]
  /// Hosts with a report, sorted.
  public let hosts: [String]
  /// Hosts that ought to have reported and haven't, sorted.
  public let missingHosts: [String]
  /// Why a host's report doesn't cover all of the period, by host; sorted.
  let reasons: [String: [String]]
  /// Frames of all taps of all hosts.
  public let accounting: Accounting
  /// Sorted by name.
  public let vms: PeriodVMs
  /// Sorted by source, then destination; none from an endpoint to itself.
  public let rows: PeriodRows
  /// Periods that were added up; of some others in its span nothing was held.
  public let parts: Int
  /// Of each of them, nanoseconds.
  public let partLength: Int64
  /// Whether it is known which hosts ought to have reported: it isn't where no controller was there as it ended.
  public let isClosed: Bool

  /// - Parameter parts: one unless given.
  init(
    period: Period, reports: [ReportKey], hosts: [String], missingHosts: [String], reasons: [String: [String]],
    accounting: Accounting, vms: PeriodVMs, rows: PeriodRows, parts: Int = 1, partLength: Int64? = nil,
    isClosed: Bool = true
  ) {
    self.period = period
    self.reports = reports
    self.hosts = hosts
    self.missingHosts = missingHosts
    self.reasons = reasons
    self.accounting = accounting
    self.vms = vms
    self.rows = rows
    self.parts = parts
    self.partLength = partLength ?? period.length
    self.isClosed = isClosed
  }

  /// Merges reports, in any order; one that comes again counts once.
  ///
  /// - Parameters:
  ///   - reports: those of other periods are left out.
  ///   - expectedHosts: that ought to have reported.
  public init(
    period: Period, reports: some Sequence<SensorReport>, expectedHosts: some Sequence<String>
  ) {
    var merging = PeriodReports(period: period)
    for report in reports { merging.take(report) }
    self = merging.merged(expectedHosts: expectedHosts)
  }

  /// Merges reports of a period that nobody has closed: hosts that have none in it aren't known.
  public init(unclosed period: Period, reports: some Sequence<SensorReport>) {
    var merging = PeriodReports(period: period)
    for report in reports { merging.take(report) }
    self = merging.merged(expectedHosts: [], isClosed: false)
  }

  /// With reports that came later. What is rolled up stays as it is: its parts can't be told apart any more.
  public func amended(by late: some Sequence<SensorReport>) -> GlobalPeriod {
    let known = Set(reports)
    let new = late.filter { !known.contains(ReportKey($0)) }
    guard !isRolledUp, !new.isEmpty else { return self }
    var merging = PeriodReports(amending: self)
    for report in new { merging.take(report) }
    return merging.merged(expectedHosts: expectedHosts, isClosed: isClosed)
  }

  /// With those rows alone of which one of the endpoints is an end.
  public func touching(_ endpoints: Set<Endpoint>) -> GlobalPeriod {
    GlobalPeriod(
      period: period, reports: reports, hosts: hosts, missingHosts: missingHosts, reasons: reasons,
      accounting: accounting, vms: vms, rows: rows.picked(rows.indices(touching: rows.numbers(of: endpoints))),
      parts: parts, partLength: partLength, isClosed: isClosed)
  }

  /// In memory, but for its endpoints, which other periods may share: see `PeriodSizes`.
  public var byteCount: Int {
    rows.byteCount + vms.byteCount + reports.count * MemoryLayout<ReportKey>.stride
  }

  /// A VM, by all hosts at which it was in the period.
  public struct VM: Hashable, Sendable {
    /// Sorted; two where it moved.
    public var hosts: [String]
    /// Counts and times add up; where one host doesn't know the time, nobody does.
    public var facts: SensedVM
  }

  /// One direction of a pair.
  public struct Row: Hashable, Sendable {
    public var source: Endpoint
    public var destination: Endpoint
    /// Counted where the destination received it; where nobody saw that, where the source sent it.
    public var counts: PairCounts
    /// Whether the counts are the sender's; of several periods whether any of them are.
    public var bySender: Bool
    /// Counted where the source sent it; nil where nobody saw that.
    public var sentPackets: UInt64?
    /// How often the destination stood still until something of the source's had crossed.
    public var waits: Double

    /// Packets that were sent and didn't arrive; nil where one of the ends wasn't seen, and of what goes to a group.
    ///
    /// A packet that was on its way when the period was cut is missing in one period and one too many in the next, so
    /// that this may be less than 0.
    public var lostPackets: Int64? {
      guard let sentPackets, !bySender, case .name = destination else { return nil }
      return Int64(truncatingIfNeeded: sentPackets &- counts.packets)
    }
  }

  /// That ought to have reported, or did so.
  public var expectedHosts: Set<String> { Set(hosts).union(missingHosts) }

  /// Why a host's report doesn't cover all of the period, by host.
  public var partialHosts: [String: String] { reasons.mapValues { $0.joined(separator: "; ") } }

  /// Whether it is several periods' sum.
  public var isRolledUp: Bool { parts > 1 || partLength != period.length }

  /// Every host that ought to have reported did so, for all of the period.
  public var isComplete: Bool {
    isClosed && missingHosts.isEmpty && reasons.isEmpty && Int64(parts) * partLength == period.length
  }

  /// Hosts of which counts are missing, all or some; sorted.
  public var incompleteHosts: [String] { Set(missingHosts).union(reasons.keys).sorted() }
}

extension GlobalPeriod.VM {
  func adding(_ other: SensedVM, at otherHosts: [String]) -> Self {
    var sum = self
    sum.hosts = Set(hosts).union(otherHosts).sorted()
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
