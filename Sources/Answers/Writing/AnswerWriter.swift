package import Traffic
package import Wire

/// Writes an answer in one format, piece by piece: a header; then each period with its rows, or the rows of a mean;
/// then the end.
package protocol AnswerWriter: Sendable {
  mutating func begin(_ header: Transhumance_V1_QueryHeader, _ text: inout ByteText)
  /// - Parameter period: its rows come by `write`, in any number of pieces.
  mutating func begin(_ period: Transhumance_V1_PeriodAnswer, _ text: inout ByteText)
  mutating func write(_ rows: AnswerRows, _ text: inout ByteText)
  mutating func endPeriod(_ text: inout ByteText)
  mutating func end(_ text: inout ByteText)
}

/// The text of an answer, as its messages come: never more of it in memory than one message says.
package struct AnswerText: Sendable {
  private var writer: any AnswerWriter
  private var text = ByteText()
  /// Start and length of the period that is being written.
  private var period: (start: Int64, nanoseconds: Int64)?
  private var hasBegun = false

  /// - Parameter query: what was asked, which documents repeat.
  package init(_ format: AnswerFormat, of query: QueryParameters) {
    writer =
      switch format {
      case .json: JSONAnswer(query)
      case .csv: CSVAnswer(query)
      case .xml: XMLAnswer(query)
      case .gnuplot: GnuplotAnswer(query)
      case .dot: DOTAnswer(query)
      }
  }

  /// - Returns: what a message adds. Nothing for a refusal, which is told by `RefusalDocument`.
  package mutating func take(_ message: QueryReply) -> [UInt8] {
    switch message.content {
    case .header(let header):
      hasBegun = true
      writer.begin(header, &text)
    case .period(let piece):
      let isSame = period.map { $0 == (piece.start, piece.nanoseconds) } ?? false
      if !isSame {
        endPeriod()
        period = (piece.start, piece.nanoseconds)
        writer.begin(piece, &text)
      }
      writer.write(AnswerRows(piece.rows), &text)
    case .pairs(let rows): writer.write(AnswerRows(rows), &text)
    case .refusal, nil: break
    }
    return text.take()
  }

  /// - Returns: what the end of the messages adds.
  package mutating func finish() -> [UInt8] {
    endPeriod()
    if hasBegun { writer.end(&text) }
    return text.take()
  }

  private mutating func endPeriod() {
    guard period != nil else { return }
    writer.endPeriod(&text)
    period = nil
  }
}

extension Transhumance_V1_PeriodAnswer {
  /// Of how many periods it is made: a controller that says nothing knows no longer ones.
  package var count: UInt32 { max(1, parts) }

  /// What there is to be said of it beside its time, in words.
  var remarks: String { (complete ? "" : ", incomplete") + (count > 1 ? ", \(count) periods added up" : "") }
}

extension AnswerFormat {
  /// Media type (RFC 6838) of a document in it.
  package var mediaType: String {
    switch self {
    case .json: "application/json"
    case .csv: "text/csv; charset=utf-8"
    case .xml: "application/xml"
    case .gnuplot: "text/plain; charset=utf-8"
    case .dot: "text/vnd.graphviz; charset=utf-8"
    }
  }
}
