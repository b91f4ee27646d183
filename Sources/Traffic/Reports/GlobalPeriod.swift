public import Model

/// What is known of one period from the reports of all hosts.
public struct GlobalPeriod: Hashable, Sendable {
  public let period: Period
  /// Hosts with a report, sorted.
  public let hosts: [String]
  /// Hosts that ought to have reported and haven't, sorted.
  public let missingHosts: [String]
  /// Why a host's report doesn't cover all of the period, by host.
  public let partialHosts: [String: String]
  /// Frames of all taps of all hosts.
  public let accounting: Accounting
  /// Sorted by name.
  public let vms: [VM]
  /// Sorted by source, then destination; none from an endpoint to itself.
  public let rows: [Row]

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
    /// Whether the counts are the sender's.
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

  /// Every host that ought to have reported did so, for all of the period.
  public var isComplete: Bool { missingHosts.isEmpty && partialHosts.isEmpty }

  /// Hosts of which counts are missing, all or some; sorted.
  public var incompleteHosts: [String] { (missingHosts + partialHosts.keys).sorted() }
}
