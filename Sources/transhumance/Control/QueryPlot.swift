import Answers
import Drawing
import Model
import Planning
import Traffic
import Wire

/// What a query's answer looks like: the rows of all of its periods together, or of the mean, as a matrix and a graph.
struct QueryPlot: Sendable {
  private struct Pair: Hashable {
    var source: String
    var destination: String
  }

  private var header = Transhumance_V1_QueryHeader()
  private var rows: [Pair: TrafficMatrix.Row] = [:]
  private var period: (start: Int64, nanoseconds: Int64)?
  /// Of all periods.
  private var seconds = 0.0

  mutating func take(_ message: QueryReply) {
    switch message.content {
    case .header(let header): self.header = header
    case .period(let piece):
      if period.map({ $0 == (piece.start, piece.nanoseconds) }) != true {
        period = (piece.start, piece.nanoseconds)
        seconds += Double(piece.nanoseconds) / 1e9
      }
      take(AnswerRows(piece.rows))
    case .pairs(let rows): take(AnswerRows(rows))
    case .refusal, nil: break
    }
  }

  private mutating func take(_ more: AnswerRows) {
    for row in more {
      let pair = Pair(source: more.endpoints[row.source], destination: more.endpoints[row.destination])
      let empty = TrafficMatrix.Row(source: Endpoint(pair.source), destination: Endpoint(pair.destination))
      rows[pair, default: empty].packets += row.packets
      rows[pair, default: empty].ipBytes += row.ipBytes
    }
  }

  /// A page in SVG.
  ///
  /// - Parameter query: what it is the answer to. How long a mean's period is its answer doesn't say, so that its
  ///   traffic is never taken to be negligible.
  func svg(of query: QueryParameters) -> String {
    let matrix = TrafficMatrix(rows: rows.values, hasWaits: false, windowSeconds: period == nil ? nil : seconds)
    let groups = communicationGroups(of: matrix)
    let span = "\(Timestamp(nanoseconds: header.start)) to \(Timestamp(nanoseconds: header.end))"
    let drawing = TrafficDrawing(
      matrix: matrix, inside: rows.values.filter { $0.source == $0.destination }, measure: groups.measure,
      groups: groups.members, title: Self.title(query),
      facts: [
        span + (query.answer == .detail ? "" : ", per period") + (header.exact ? "" : ", not exact"), groups.summary,
      ])
    return drawing.svg()
  }

  private static func title(_ query: QueryParameters) -> String {
    let between = query.endpoints == .pair ? "" : " between \(query.endpoints.rawValue)s"
    let places = (query.vms + query.hosts + query.sites).joined(separator: ", ")
    let applications = query.applications.joined(separator: ", ")
    return "Traffic\(between)" + (applications.isEmpty ? "" : " of \(applications)")
      + (places.isEmpty ? "" : " at \(places)")
  }
}
