public import Model

/// What a live counter has to say of one period: the contents of a sensor's report.
public struct SensedPeriod: Hashable, Sendable {
  /// A VM whose tap was watched in the period.
  public struct VM: Hashable, Sendable {
    public var name: String
    /// Frames that left it with an Ethernet address not its own.
    public var spoofed: UInt64
  }

  public var period: Period
  /// Why it doesn't cover all of the period; nil: it does.
  public var incomplete: String?
  /// But for what was lost before it could be counted.
  public var accounting: Accounting
  /// Packets of earlier periods, which had been closed, among those counted here.
  public var late: UInt64
  /// By name.
  public var vms: [VM]
  public var received: [SensorReport.Row]
  public var sent: [SensorReport.Row]
}
