internal import Model
package import Wire

/// A move as `migrate --format json` and `get moves --format json` print it.
package struct MoveDocument: Encodable, Sendable {
  package struct Step: Encodable, Sendable {
    package var step: String
    package var at: String
  }

  package var move: String
  package var vm: String
  package var from: String
  package var to: String
  /// Nil while it goes on.
  package var result: OrNull<String>
  package var reason: String?
  /// Who asked for it; nil: that isn't known.
  package var by: String?
  package var totalSeconds: Double
  package var downtimeSeconds: Double
  package var gapSeconds: OrNull<Double>
  package var transferBytes: UInt64
  package var rounds: UInt32
  package var steps: [Step]

  package init(_ report: MoveReport) {
    move = report.identifier
    vm = report.vm
    from = report.from
    to = report.to
    result = OrNull(report.result.isEmpty ? nil : report.result)
    reason = report.reason.isEmpty ? nil : report.reason
    by = report.by.isEmpty ? nil : report.by
    totalSeconds = report.totalSeconds
    downtimeSeconds = report.downtimeSeconds
    gapSeconds = OrNull(report.hasGapSeconds ? report.gapSeconds : nil)
    transferBytes = report.transferBytes
    rounds = report.rounds
    steps = report.steps.map { Step(step: $0.step, at: Timestamp(nanoseconds: $0.at).description) }
  }
}
