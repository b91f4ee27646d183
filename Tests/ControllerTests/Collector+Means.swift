import Controller
import Model
import Traffic

extension Period {
  /// Counted from 1970.
  static func of(_ number: Int64, seconds: Int64 = 30) -> Period {
    Period(start: .init(nanoseconds: number * seconds * 1_000_000_000), length: seconds * 1_000_000_000)
  }
}

extension Collector {
  /// Of each pair the mean of its packets in periods of 30 s; none where there is no answer.
  func means(from start: Int64 = 0, to end: Int64) async throws -> [Double] {
    let span = TrafficQuery.Span.interval(start: Period.of(start).start, end: Period.of(end).start)
    guard case .answered(let statistics) = try await query(TrafficQuery(span: span, answer: .mean)),
      case .mean(let rows) = statistics.content
    else { return [] }
    return rows.map(\.packets)
  }
}
