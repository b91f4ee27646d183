import Answers
import Model
import Traffic

/// A period as a line of JSON.
struct SenseDocument: Encodable {
  var start: String
  var seconds: Double
  var incomplete: OrNull<String>
  var accounting: Frames
  var vms: [VM]
  var received: [Row]
  var sent: [Row]
  var clockErrorSeconds: OrNull<Double>

  struct Frames: Encodable {
    var seen, counted, notIP, malformed, foreign, dropped: UInt64
  }

  struct VM: Encodable {
    var name: String
    var tapDropped, spoofed: UInt64
    var unknown: OrNull<String>
  }

  struct Row: Encodable {
    var source, destination: String
    var packets, frameBytes, ipBytes: UInt64
    var rounds, windows: UInt64?
    var lag: Int64?
    var turns, matched, runs, shares: UInt64?

    init(_ row: SensorReport.Row, hasEnd: Bool) {
      let counts = row.counts
      (source, destination) = (row.source.description, row.destination.description)
      (packets, frameBytes, ipBytes) = (counts.packets, counts.frameBytes, counts.ipBytes)
      guard hasEnd else { return }
      (rounds, windows, lag) = (counts.rounds, counts.windows, counts.lag)
      (turns, matched, runs, shares) = (counts.turns, counts.matched, counts.runs, counts.shares)
    }
  }

  init(_ report: SensorReport) {
    start = report.period.start.description
    seconds = report.period.seconds
    incomplete = OrNull(report.incomplete)
    let accounting = report.accounting
    self.accounting = Frames(
      seen: accounting.seen, counted: accounting.counted, notIP: accounting.notIP, malformed: accounting.malformed,
      foreign: accounting.foreign, dropped: accounting.dropped)
    vms = report.vms.map {
      VM(name: $0.name, tapDropped: $0.tapDropped, spoofed: $0.spoofed, unknown: OrNull($0.unknown))
    }
    received = report.received.sorted(by: SensorReport.Row.isBefore).map { Row($0, hasEnd: true) }
    sent = report.sent.sorted(by: SensorReport.Row.isBefore).map { Row($0, hasEnd: false) }
    clockErrorSeconds = OrNull(report.clockErrorSeconds)
  }
}
