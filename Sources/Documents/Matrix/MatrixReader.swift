public import Model

/// Reads a traffic matrix as CSV from bytes that come in pieces of any length. Memory grows with the pairs,
/// which are bounded, not with the rows.
public struct MatrixReader: ~Copyable {
  private let log: DiagnosticLog
  private var records = CSVRecords()
  private var parser: RowParser
  private var isAtStart = true

  /// - Parameter file: how diagnostics name the document.
  public init(file: String) {
    log = DiagnosticLog(file: file)
    parser = RowParser(log: log)
  }

  /// False where reading on makes no sense: `finish` will throw.
  @discardableResult
  public mutating func read(_ bytes: ArraySlice<UInt8>) -> Bool {
    var bytes = bytes
    if isAtStart, !bytes.isEmpty {
      isAtStart = false
      if bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes = bytes.dropFirst(3) }
    }
    records.split(bytes) { record, line in parser.take(record, line: line) }
    return !records.isTooLong && !parser.isDone
  }

  /// The matrix of all that was read, or all that is wrong with it.
  public consuming func finish(windowSeconds: Double? = nil) throws(DocumentError) -> TrafficMatrix {
    let isClosed = records.finish { record, line in parser.take(record, line: line) }
    if records.isTooLong {
      let position = Position(line: UInt32(clamping: records.line), column: 1)
      let hint = isClosed ? "is this CSV?" : "is a quote not closed?"
      log.error(at: position, "a record of more than 1 MiB", hint: hint)
    } else if !parser.hasHeader, log.errors == 0 {
      log.error(at: .start, "the file is empty", hint: "the first line names the columns: \(RowParser.header)")
    }
    guard log.errors == 0 else { throw log.failure }
    return parser.matrix(windowSeconds: windowSeconds)
  }
}
