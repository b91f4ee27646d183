internal import Model
internal import SwiftProtobuf
internal import Traffic
internal import Wire

extension QueryReply {
  /// Rows of a message: far below what a client takes at once.
  private static let rowLimit = 10_000

  /// A header, then rows; those of one period may be in several messages in a row.
  static func messages(of answer: TrafficAnswer) -> [QueryReply] {
    switch answer {
    case .handedBack(let refusal):
      return [
        .with {
          $0.refusal.reason = refusal.reason
          $0.refusal.missingHosts = refusal.missingHosts
          $0.refusal.availableAt = refusal.availableAt?.nanoseconds ?? 0
        }
      ]
    case .answered(let statistics):
      return [header(statistics)] + content(statistics.content)
    }
  }

  private static func header(_ statistics: TrafficStatistics) -> QueryReply {
    .with {
      $0.header.start = statistics.start.nanoseconds
      $0.header.end = statistics.end.nanoseconds
      $0.header.exact = statistics.isExact
      $0.header.missingHosts = statistics.missingHosts
      $0.header.gaps = statistics.gaps.map(\.nanoseconds)
      if let approximation = statistics.approximation {
        $0.header.approximated.start = approximation.start.nanoseconds
        $0.header.approximated.end = approximation.end.nanoseconds
        $0.header.approximated.from = approximation.from.nanoseconds
      }
    }
  }

  private static func content(_ content: TrafficStatistics.Content) -> [QueryReply] {
    switch content {
    case .mean(let rows):
      return pieces(of: rows).map { rows in .with { $0.pairs = Transhumance_V1_MatrixRows(rows) } }
    case .periods(let periods):
      return periods.flatMap { period in
        pieces(of: period.rows).map { rows in
          .with {
            $0.period.start = period.period.start.nanoseconds
            $0.period.nanoseconds = period.period.length
            $0.period.complete = period.isComplete
            $0.period.missingHosts = period.missingHosts
            $0.period.rows = Transhumance_V1_MatrixRows(rows)
          }
        }
      }
    }
  }

  /// At least one.
  private static func pieces(of rows: [TrafficStatistics.Row]) -> [ArraySlice<TrafficStatistics.Row>] {
    stride(from: 0, to: max(1, rows.count), by: rowLimit).map { rows[$0..<min($0 + rowLimit, rows.count)] }
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
