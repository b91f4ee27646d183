import Foundation
import Linux
import Model

/// What a run has done, and what ought to come of it.
struct Summary: Encodable {
  struct Reports: Encodable {
    /// Found in spools at the start.
    var found = 0
    var made = 0
    var acknowledged = 0
    var refused = 0
    /// Thrown away since there was no room.
    var lost = 0
  }

  /// Seconds from a period's end to the acknowledgement of its report.
  struct Lateness: Encodable {
    var p50: Double?
    var p99: Double?
    var max: Double?

    init(_ all: [Double]) {
      let sorted = all.sorted()
      func quantile(_ share: Double) -> Double? {
        sorted.isEmpty ? nil : sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
      }
      (p50, p99, max) = (quantile(0.5), quantile(0.99), sorted.last)
    }
  }

  var start: String
  var periodSeconds: Int
  var reports = Reports()
  var lateness: Lateness
  /// The greatest, by period.
  var latenessOfPeriods: [Double]
  /// By host: when it was greeted by which controller.
  var connections: [String: [HostRecord.Connection]]
  var reconnects: Int
  var periods: [Expectation]
  var total: Total

  struct Total: Encodable {
    var packets: UInt64 = 0
    var frameBytes: UInt64 = 0
    var ipBytes: UInt64 = 0
  }

  init(_ hosts: [EmulatedHost], _ workload: Workload, _ periods: [Period]) {
    let states = hosts.map { ($0.name, $0.record.now) }
    start = periods.first?.start.description ?? ""
    periodSeconds = Int(periods.first?.seconds ?? 0)
    var greatest: [Timestamp: Double] = [:]
    for (_, state) in states {
      reports.found += state.found
      reports.made += state.ends.count
      reports.acknowledged += state.acknowledged
      reports.refused += state.refused
      reports.lost += state.lost
      for (end, late) in zip(state.ends, state.lateness) { greatest[end] = Swift.max(greatest[end] ?? late, late) }
    }
    lateness = Lateness(states.flatMap(\.1.lateness))
    latenessOfPeriods = periods.map { greatest[$0.end] ?? -1 }
    connections = Dictionary(uniqueKeysWithValues: states.map { ($0.0, $0.1.connections) })
    reconnects = connections.values.reduce(0) { $0 + Swift.max(0, $1.count - 1) }
    self.periods = periods.map { Expectation(workload, $0) }
    total = self.periods.reduce(into: Total()) { total, period in
      total.packets += period.packets
      total.frameBytes += period.frameBytes
      total.ipBytes += period.ipBytes
    }
  }

  static func print(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try FileHandle.standardOutput.write(contentsOf: encoder.encode(value) + Data("\n".utf8))
  }
}
