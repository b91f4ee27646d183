import Capture
import Model
import Planning
import Traffic

/// The JSON document of `analyze` (docs/formats.md). It is as long as there are pairs and periods, so it is written piece by piece.
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
            try stream.writeArray(counts.rows) { try $0.write(Pair($1)) }
          } else {
            try stream.writeArray(input.matrix.rows) { try $0.write(Pair($1, hasWaits: input.matrix.hasWaits)) }
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
      ("pairs", { try $0.writeArray(period.rows) { try $0.write(Pair($1)) } }),
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

  /// One direction. Of a matrix, what its columns don't hold is left out.
  struct Pair: Encodable {
    var source: String
    var destination: String
    var packets: Double
    var frameBytes: Double
    var ipBytes: Double
    var rounds: UInt64?
    var windows: UInt64?
    var lag: Int64?
    var turns: UInt64?
    var matched: UInt64?
    var runs: UInt64?
    var shares: UInt64?
    var waits: Double?

    init(_ row: TrafficCounts.Row) {
      source = row.source.description
      destination = row.destination.description
      packets = Double(row.counts.packets)
      frameBytes = Double(row.counts.frameBytes)
      ipBytes = Double(row.counts.ipBytes)
      rounds = row.counts.rounds
      windows = row.counts.windows
      lag = row.counts.lag
      turns = row.counts.turns
      matched = row.counts.matched
      runs = row.counts.runs
      shares = row.counts.shares
      waits = row.waits
    }

    init(_ row: TrafficMatrix.Row, hasWaits: Bool) {
      source = row.source.description
      destination = row.destination.description
      packets = row.packets
      frameBytes = row.frameBytes
      ipBytes = row.ipBytes
      waits = hasWaits ? row.waits : nil
    }
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
