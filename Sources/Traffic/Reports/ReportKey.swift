/// A report's name: it is taken once.
public struct ReportKey: Hashable, Comparable, Sendable {
  public let host: String
  public let incarnation: UInt64
  public let sequence: UInt64

  public init(host: String, incarnation: UInt64, sequence: UInt64) {
    self.host = host
    self.incarnation = incarnation
    self.sequence = sequence
  }

  public init(_ report: SensorReport) {
    self.init(host: report.host, incarnation: report.incarnation, sequence: report.sequence)
  }

  public static func < (left: Self, right: Self) -> Bool {
    (left.host, left.incarnation, left.sequence) < (right.host, right.incarnation, right.sequence)
  }
}
