import Model
import Wire

/// A move as `migrate --format json` and `get moves --format json` print it.
struct MoveDocument: Encodable {
  struct Step: Encodable {
    var step: String
    var at: String
  }

  var move: String
  var vm: String
  var from: String
  var to: String
  /// Nil while it goes on.
  var result: OrNull<String>
  var reason: String?
  /// Who asked for it; nil: that isn't known.
  var by: String?
  var totalSeconds: Double
  var downtimeSeconds: Double
  var gapSeconds: OrNull<Double>
  var transferBytes: UInt64
  var rounds: UInt32
  var steps: [Step]

  init(_ report: MoveReport) {
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
