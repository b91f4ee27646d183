import Answers
import Capture
import Model
import Planning
import Traffic

/// The JSON document of `analyze` (docs/formats.md). It is as long as there are pairs and periods, so it is written
/// piece by piece.
struct AnalysisDocument {
  let analysis: Analysis

  func write() throws {
    var stream = JSONStream()
    let input = analysis.input
    try stream.writeObject([
      ("groups", { try $0.write(Groups(analysis.groups)) }),
      (
        "pairs",
        { stream in
          if let counts = input.trace?.counts {
            try stream.writeArray(counts.rows, Self.write)
          } else {
            try stream.writeArray(input.matrix.rows) { try Self.write(&$0, $1, hasWaits: input.matrix.hasWaits) }
          }
        }
      ),
      ("periods", { try $0.writeArray(input.trace?.counts.periods ?? [], Self.write) }),
      ("trace", { try $0.write(OrNull(input.trace.map(Trace.init))) }),
    ])
    try stream.finish()
  }

  private static func write(_ stream: inout JSONStream, _ period: TrafficCounts.PeriodRows) throws {
    try stream.writeObject([
      ("pairs", { try $0.writeArray(period.rows, Self.write) }),
      ("seconds", { try $0.write(period.period.seconds) }),
      ("start", { try $0.write(period.period.start.description) }),
    ])
  }

  struct Trace: Encodable {
    var files: [String]
    var packets: UInt64
    var ipPackets: UInt64
    var otherPackets: UInt64
    var malformedPackets: UInt64
    var start: OrNull<String>
    var end: OrNull<String>
    var complete: Bool

    init(_ analysis: TraceAnalysis) {
      let facts = analysis.counts.facts
      files = analysis.files
      packets = facts.packets
      ipPackets = facts.ipPackets
      otherPackets = facts.otherPackets
      malformedPackets = facts.malformedPackets
      start = OrNull(facts.start?.description)
      end = OrNull(facts.end?.description)
      complete = analysis.isComplete
    }
  }

  /// One direction.
  private static func write(_ stream: inout JSONStream, _ row: TrafficCounts.Row) throws {
    let counts = row.counts
    try stream.writeRow([
      ("destination", .text(row.destination.description)), ("frameBytes", .count(counts.frameBytes)),
      ("ipBytes", .count(counts.ipBytes)), ("lag", .difference(counts.lag)), ("matched", .count(counts.matched)),
      ("packets", .count(counts.packets)), ("rounds", .count(counts.rounds)), ("runs", .count(counts.runs)),
      ("shares", .count(counts.shares)), ("source", .text(row.source.description)), ("turns", .count(counts.turns)),
      ("waits", .number(row.waits)), ("windows", .count(counts.windows)),
    ])
  }

  /// One direction of a matrix: what its columns don't hold is left out.
  private static func write(_ stream: inout JSONStream, _ row: TrafficMatrix.Row, hasWaits: Bool) throws {
    try stream.writeRow(
      [
        ("destination", .text(row.destination.description)), ("frameBytes", .number(row.frameBytes)),
        ("ipBytes", .number(row.ipBytes)), ("packets", .number(row.packets)), ("source", .text(row.source.description)),
      ] + (hasWaits ? [("waits", .number(row.waits))] : []))
  }

  struct Groups: Encodable {
    var method: String
    var measure: String
    var factor: Double
    var members: [[String]]
    var ungrouped: [String]
    var cutShare: Double
    var modularity: Double
    var outcome: String
    /// What decided the outcome, and the bounds it was compared with.
    var bestModularity: Double
    var minimumModularity: Double
    var packetsPerVMAndSecond: OrNull<Double>
    var negligiblePacketsPerVMAndSecond: Double

    init(_ groups: Grouping) {
      method = groups.method.rawValue
      measure = groups.measure.rawValue
      factor = groups.factor
      members = groups.members.map { $0.map(\.description) }
      ungrouped = groups.ungrouped.map(\.description)
      cutShare = groups.cutShare
      modularity = groups.modularity
      outcome = groups.outcome.rawValue
      bestModularity = groups.bestModularity
      minimumModularity = groups.bounds.modularity
      packetsPerVMAndSecond = OrNull(groups.packetsPerVMAndSecond)
      negligiblePacketsPerVMAndSecond = groups.bounds.packetsPerVMAndSecond
    }
  }
}
