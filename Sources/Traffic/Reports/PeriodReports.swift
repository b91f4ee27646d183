public import Model

/// The reports of one period as they come in, each once.
public struct PeriodReports: Sendable {
  public let period: Period
  private var reports: [ReportKey: SensorReport] = [:]

  public init(period: Period) {
    self.period = period
  }

  /// - Returns: false where it was there, or is of another period.
  @discardableResult
  public mutating func take(_ report: SensorReport) -> Bool {
    let key = ReportKey(report)
    guard report.period == period, reports[key] == nil else { return false }
    reports[key] = report
    return true
  }

  public var isEmpty: Bool { reports.isEmpty }

  /// Hosts with a report.
  public var hosts: Set<String> { Set(reports.values.lazy.map(\.host)) }

  public func merged(expectedHosts: some Sequence<String>) -> GlobalPeriod {
    GlobalPeriod(period: period, reports: reports.values, expectedHosts: expectedHosts)
  }
}
