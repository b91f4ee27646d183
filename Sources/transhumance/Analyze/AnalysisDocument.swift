import Capture
import Model
import Planning
import Traffic

/// The JSON document of `analyze` (docs/formats.md).
struct AnalysisDocument: Encodable {
  var trace: OrNull<Trace>
  var periods: [PeriodOfPairs]
  var pairs: [Pair]
  var groups: Groups

  init(_ analysis: Analysis) {
    trace = OrNull(analysis.input.trace.map(Trace.init))
    if let counts = analysis.input.trace?.counts {
      periods = counts.periods.map {
        PeriodOfPairs(start: "\($0.period.start)", seconds: $0.period.seconds, pairs: $0.rows.map(Pair.init))
      }
      pairs = counts.rows.map(Pair.init)
    } else {
      let matrix = analysis.input.matrix
      periods = []
      pairs = matrix.rows.map { Pair($0, hasWaits: matrix.hasWaits) }
    }
    groups = Groups(analysis.groups)
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

  struct PeriodOfPairs: Encodable {
    var start: String
    var seconds: Double
    var pairs: [Pair]
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
