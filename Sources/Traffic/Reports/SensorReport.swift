public import Model

/// What the sensor of one host counted in one period. Reports of the same period add up, in any order; one that comes
/// again (same host, incarnation and sequence) is the same report.
public struct SensorReport: Hashable, Sendable {
  /// Who counted.
  public var host: String
  /// Of the sensor: another one after each of its starts.
  public var incarnation: UInt64
  /// From 1, one more for each report of the incarnation.
  public var sequence: UInt64
  /// What it is about, by the host's clock.
  public var period: Period
  /// Why it doesn't cover all of the period; nil: it does.
  public var incomplete: String?
  public var accounting: Accounting
  /// The VMs of the host in the period, also those that neither sent nor received.
  public var vms: [SensedVM]
  /// Counted where VMs of the host received it. The destination is the VM or, of multicast and broadcast, the group.
  public var received: [Row]
  /// Counted where VMs of the host sent it.
  public var sent: [Row]
  /// By how much the host's clock may be wrong, seconds; nil: not known.
  public var clockErrorSeconds: Double?
  /// Reports of this incarnation that were thrown away before they could be sent.
  public var lostReports: UInt64

  /// VMs are endpoints by name, all else by address.
  public struct Row: Hashable, Sendable {
    public var source: Endpoint
    public var destination: Endpoint
    public var counts: PairCounts

    public init(source: Endpoint, destination: Endpoint, counts: PairCounts) {
      self.source = source
      self.destination = destination
      self.counts = counts
    }
  }

  /// Nothing seen unless given.
  public init(
    host: String, incarnation: UInt64, sequence: UInt64, period: Period, incomplete: String? = nil,
    accounting: Accounting = Accounting(), vms: [SensedVM] = [], received: [Row] = [], sent: [Row] = [],
    clockErrorSeconds: Double? = nil, lostReports: UInt64 = 0
  ) {
    self.host = host
    self.incarnation = incarnation
    self.sequence = sequence
    self.period = period
    self.incomplete = incomplete
    self.accounting = accounting
    self.vms = vms
    self.received = received
    self.sent = sent
    self.clockErrorSeconds = clockErrorSeconds
    self.lostReports = lostReports
  }
}
