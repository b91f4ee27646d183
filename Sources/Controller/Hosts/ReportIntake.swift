package import Traffic

/// Where reports of sensors go.
package protocol ReportIntake: Sendable {
  /// Returns once the report is kept (or was before), so that its host may forget it.
  ///
  /// - Throws: `ReportRefusal` where it will never be taken: the host is told and forgets it. Any other error ends the
  ///   host's connection; it comes again, and the report with it.
  func take(_ report: SensorReport) async throws
}

/// Why a report will never be taken.
package struct ReportRefusal: Error, Hashable, CustomStringConvertible {
  package var reason: String
  package var description: String { reason }

  package init(_ reason: String) { self.reason = reason }
}
