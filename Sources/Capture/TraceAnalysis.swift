public import Traffic

/// The counts of one or more captures, merged by time, and what is to be said of the reading.
public struct TraceAnalysis: Sendable {
  public struct Options: Hashable, Sendable {
    /// Length of a period, nanoseconds, > 0.
    public var period: Int64
    /// How much later than seen a packet is taken to reach the other end, nanoseconds, 0 … 1 s.
    public var hop: Int64
    /// Count by the innermost IP header instead of the outermost.
    public var decapsulate: Bool

    public init(period: Int64 = 30_000_000_000, hop: Int64 = 50_000, decapsulate: Bool = false) {
      self.period = period
      self.hop = hop
      self.decapsulate = decapsulate
    }
  }

  /// How far the reading has come, in bytes of the files themselves; `total` is nil if one of them is a pipe.
  public struct Progress: Hashable, Sendable {
    public var bytes: UInt64
    public var total: UInt64?
    public var packets: UInt64
  }

  public let files: [String]
  public let counts: TrafficCounts
  /// No file was cut short.
  public let isComplete: Bool
  /// For the reader's attention: where files were cut short, or go on with something else, and which
  /// packets had no time stamp.
  public let warnings: [String]

  /// Reads captures to their ends, in the order of their packets' time stamps.
  ///
  /// - Parameter progress: called every 65,536 packets.
  /// - Throws: ``CaptureError`` for damage other than a cut, and where pairs and periods need more memory than there is
  ///   for them.
  public init(
    reading captures: [CaptureFile], options: Options = Options(), progress: (Progress) -> Void = { _ in }
  ) throws(CaptureError) {
    var counter = TrafficCounter(
      periodLength: options.period, hop: options.hop, decapsulate: options.decapsulate)
    let total = captures.reduce(UInt64?(0)) { sum, file in sum.flatMap { sum in file.size.map { sum + $0 } } }
    var merge = try CaptureMerge(captures)
    var nextReport: UInt64 = 0
    while let (file, bound) = merge.earliest {
      do {
        try file.count(until: bound, into: &counter)
      } catch let limit {
        throw CaptureError(.memoryLimit, file: file.name, limit.description)
      }
      try merge.advance()
      if counter.packets >= nextReport {
        progress(Progress(bytes: captures.reduce(0) { $0 + $1.bytesRead }, total: total, packets: counter.packets))
        nextReport = counter.packets + 1 << 16
      }
    }
    files = captures.map(\.name)
    isComplete = captures.allSatisfy { $0.cut == nil }
    warnings = captures.flatMap(\.warnings)
    counts = counter.finish()
  }
}

extension CaptureFile {
  /// Counts the packets of the present batch, up to the first that is later than `bound`.
  fileprivate func count(
    until bound: Int64, into counter: inout TrafficCounter
  ) throws(TrafficCounter.MemoryLimitReached) {
    let window = source.bytes
    let bytes = window.span
    let records = records
    var index = next
    repeat {
      let record = records[index]
      let frame = bytes.extracting(record.offset..<record.offset + Int(record.capturedBytes))
      let wireBytes = max(0, Int(record.originalBytes) - Int(record.checkBytes))
      let time = record.isUntimed ? nil : record.time
      try counter.count(frame: frame, at: time, wireBytes: wireBytes, linkType: record.linkType)
      index += 1
    } while index < records.count && records[index].time <= bound
    next = index
  }

  fileprivate var warnings: [String] {
    var warnings: [String] = []
    if let cut { warnings.append(cut.description) }
    if let warning = source.warning { warnings.append(warning) }
    let (later, first) = untimedPackets
    if later > 0 {
      warnings.append("\(name): \(later) packets have no time stamp; each was counted at the time of the one before it")
    }
    if first > 0 {
      warnings.append(
        "\(name): \(first) packets have no time stamp nor one before them; they were counted without waits, "
          + "in the period of the first packet that has one")
    }
    return warnings
  }
}
