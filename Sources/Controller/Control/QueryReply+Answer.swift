internal import Model
internal import SwiftProtobuf
internal import Traffic
internal import Wire

extension QueryReply {
  /// Rows of a message: far below what a client takes at once.
  private static let rowLimit = 10_000

  /// A header, then rows, made one message at a time; those of one period may be in several messages in a row.
  static func messages(of answer: TrafficAnswer) -> some Sequence<QueryReply> & Sendable {
    switch answer {
    case .handedBack(let refusal):
      let message = QueryReply.with {
        $0.refusal.reason = refusal.reason
        $0.refusal.missingHosts = refusal.missingHosts
        $0.refusal.availableAt = refusal.availableAt?.nanoseconds ?? 0
      }
      return Messages(first: message, content: .mean([]))
    case .answered(let statistics): return Messages(first: header(statistics), content: statistics.content)
    }
  }

  private static func header(_ statistics: TrafficStatistics) -> QueryReply {
    .with {
      $0.header.start = statistics.start.nanoseconds
      $0.header.end = statistics.end.nanoseconds
      $0.header.exact = statistics.isExact
      $0.header.missingHosts = statistics.missingHosts
      $0.header.gaps = statistics.gaps.map(\.nanoseconds)
      $0.header.rolledUpUntil = statistics.rolledUpUntil?.nanoseconds ?? 0
      if let approximation = statistics.approximation {
        $0.header.approximated.start = approximation.start.nanoseconds
        $0.header.approximated.end = approximation.end.nanoseconds
        $0.header.approximated.from = approximation.from.nanoseconds
      }
    }
  }

  private struct Messages: Sequence, IteratorProtocol {
    private var first: QueryReply?
    private var periods: ArraySlice<TrafficStatistics.PeriodStatistics>
    /// Of the present period, or the mean.
    private var rows: ArraySlice<TrafficStatistics.Row> = []
    private var isMean = true
    private var period = Transhumance_V1_PeriodAnswer()

    init(first: QueryReply, content: TrafficStatistics.Content) {
      self.first = first
      switch content {
      case .mean(let rows): (self.rows, periods) = (rows[...], [])
      case .periods(let periods): self.periods = periods[...]
      }
    }

    mutating func next() -> QueryReply? {
      if let first {
        self.first = nil
        return first
      }
      // A period without rows has a message, too.
      if rows.isEmpty {
        guard let next = periods.popFirst() else { return nil }
        (rows, isMean) = (next.rows[...], false)
        period = .with {
          $0.start = next.period.start.nanoseconds
          $0.nanoseconds = next.period.length
          $0.complete = next.isComplete
          $0.missingHosts = next.missingHosts
          $0.parts = UInt32(clamping: next.parts)
        }
      }
      let piece = Transhumance_V1_MatrixRows(rows.prefix(QueryReply.rowLimit))
      rows = rows.dropFirst(QueryReply.rowLimit)
      if isMean { return .with { $0.pairs = piece } }
      return .with {
        $0.period = period
        $0.period.rows = piece
      }
    }
  }
}

extension Transhumance_V1_MatrixRows {
  fileprivate init(_ rows: ArraySlice<TrafficStatistics.Row>) {
    self.init()
    var indices: [Endpoint: UInt32] = [:]
    var names: [String] = []
    func index(of endpoint: Endpoint) -> UInt32 {
      if let known = indices[endpoint] { return known }
      let index = UInt32(names.count)
      indices[endpoint] = index
      names.append(endpoint.description)
      return index
    }
    source = rows.map { index(of: $0.source) }
    destination = rows.map { index(of: $0.destination) }
    endpoints = names
    packets = rows.map(\.packets)
    frameBytes = rows.map(\.frameBytes)
    ipBytes = rows.map(\.ipBytes)
    waits = rows.map(\.waits)
    sentPackets = rows.map { $0.sentPackets ?? -1 }
    bySender = rows.map(\.bySender)
  }
}
