internal import Model

/// Turns records into rows of a matrix and adds up those of the same pair.
struct RowParser {
  static let header = MatrixDocument.Column.allCases.map(\.rawValue).joined(separator: ",")

  let log: DiagnosticLog
  private(set) var hasHeader = false
  /// There are too many pairs.
  private var isFull = false
  private var csv = CSVFields()
  private var width = 0
  /// Which field holds each column, in the order of `Column`; nil: `waits` is absent.
  private var places: [Int?] = []
  private var sums = PairSums()

  /// Nothing more is taken: too many pairs or errors, or a header that makes every row wrong.
  var isDone: Bool { isFull || hasHeader && places.isEmpty || log.isFull }

  init(log: DiagnosticLog) {
    self.log = log
  }

  func matrix(windowSeconds: Double?) -> TrafficMatrix {
    sums.matrix(hasWaits: places.last.flatMap { $0 } != nil, windowSeconds: windowSeconds)
  }

  mutating func take(_ record: ArraySlice<UInt8>, line: Int) {
    if isDone { return }
    let record = record.last == 0x0d ? record.dropLast() : record
    if record.isEmpty { return }
    do {
      try csv.find(in: record)
    } catch {
      let place = position(error.index, in: record, line: line)
      log.error(at: place, error.message, hint: "a field with quotes is written \"a \"\"b\"\"\" for a \"b\"")
      hasHeader = true
      return
    }
    if hasHeader { row(record, line: line) } else { readHeader(record, line: line) }
  }

  private mutating func readHeader(_ record: ArraySlice<UInt8>, line: Int) {
    hasHeader = true
    let names = csv.fields.map { text($0, in: record) ?? "" }
    width = names.count
    var found: [Int?] = []
    let errors = log.errors
    for column in MatrixDocument.Column.allCases {
      let places = names.indices.filter { names[$0] == column.rawValue }
      found.append(places.first)
      if places.count > 1 {
        let place = position(csv.fields[places[1]].range.lowerBound, in: record, line: line)
        log.error(at: place, "the column \(column.rawValue) occurs twice")
      }
    }
    let missing = zip(MatrixDocument.Column.allCases, found).filter { $0 != .waits && $1 == nil }.map { $0.0.rawValue }
    if let separator = separator(instead: names) {
      let place = position(csv.fields[0].range.lowerBound, in: record, line: line)
      log.error(at: place, "the columns are separated by \(separator)", hint: "separate them by commas, in all lines")
    } else if !missing.isEmpty {
      let position = Position(line: UInt32(clamping: line), column: 1)
      let list = missing.joined(separator: ", ")
      log.error(at: position, "the header lacks \(list)", hint: headerHint(names, missing: missing))
    }
    if log.errors == errors { places = found }
  }

  /// What separates the names of a header that has no comma; nil where nothing does that is known.
  private func separator(instead names: [String]) -> String? {
    guard names.count == 1 else { return nil }
    return [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")].first { names[0].contains($0.0) }?.1
  }

  private func headerHint(_ names: [String], missing: [String]) -> String {
    let known = MatrixDocument.Column.allCases.map(\.rawValue)
    for name in names where !known.contains(name) {
      if let meant = log.nearest(name, among: missing) { return "is \(quoted(name)) meant to be \(meant)?" }
    }
    return "the first line names the columns: \(Self.header)"
  }

  private mutating func row(_ record: ArraySlice<UInt8>, line: Int) {
    guard csv.fields.count == width else {
      let count = csv.fields.count
      let position = Position(line: UInt32(clamping: line), column: 1)
      log.error(at: position, "\(count) field\(count == 1 ? "" : "s"), but the header has \(width)")
      return
    }
    let source = endpoint(.source, record, line)
    let destination = endpoint(.destination, record, line)
    let packets = figure(.packets, record, line)
    let frameBytes = figure(.frameBytes, record, line)
    let ipBytes = figure(.ipBytes, record, line)
    let waits = figure(.waits, record, line)
    guard let source, let destination, source != destination, log.errors == 0 else { return }
    sums.add(PairSums.Figures(packets, frameBytes, ipBytes, waits), from: source, to: destination)
    if sums.count > Self.maximumPairs {
      isFull = true
      let position = Position(line: UInt32(clamping: line), column: 1)
      log.error(at: position, "more than \(Self.maximumPairs) pairs", hint: "leave out what talks little")
    }
  }

  /// The endpoint's number; nil where there is none, which the log knows.
  private mutating func endpoint(_ column: MatrixDocument.Column, _ record: ArraySlice<UInt8>, _ line: Int) -> Int? {
    guard let field = field(column) else { return nil }
    guard let text = text(field, in: record) else {
      report(field, column, record, line, "is not text in UTF-8")
      return nil
    }
    if let known = sums.index(of: text) { return known }
    if text.isEmpty {
      report(field, column, record, line, "is empty", hint: "a VM's name or an address")
    } else if text.unicodeScalars.count > 253 {
      report(field, column, record, line, "is a name of more than 253 characters")
    } else if text.unicodeScalars.contains(where: \.isControl) {
      report(field, column, record, line, "\(quoted(text)) has control characters")
    } else {
      return sums.insert(text)
    }
    return nil
  }

  /// 0 where the column is absent, and where the field is wrong, which the log knows.
  private func figure(_ column: MatrixDocument.Column, _ record: ArraySlice<UInt8>, _ line: Int) -> Double {
    guard let field = field(column) else { return 0 }
    if !field.isQuoted, let number = shortNumber(record[field.range]) { return number }
    let text = text(field, in: record) ?? "\u{fffd}"
    guard let number = DecimalNumber(text)?.value else {
      if text.isEmpty {
        report(field, column, record, line, "is empty", hint: "write 0 where nothing was counted")
      } else {
        report(field, column, record, line, "\(quoted(text)) is not a number", hint: numberHint(text))
      }
      return 0
    }
    if number < 0 {
      report(field, column, record, line, "\(quoted(text)) is negative")
    } else if number > Self.largest {
      report(field, column, record, line, "\(quoted(text)) is more than can be counted (10¹⁸)")
    } else {
      return number + 0
    }
    return 0
  }

  /// About 1.5 GB.
  private static let maximumPairs = 4_000_000

  private func numberHint(_ text: String) -> String? {
    let word = text.lowercased().drop { "+-.".contains($0) }
    return ["inf", "nan", "infinity"].contains(word) ? "infinite and not-a-number are not allowed" : nil
  }

  /// Sums of as many rows as a file can have stay finite.
  private static let largest = 1e18

  /// A number of at most 15 digits, with or without a point between them; nil for all else.
  ///
  /// The digits and the power of ten are doubles exactly, so that their quotient is rounded once, as it should be
  /// (Clinger, "How to read floating point numbers accurately", 1990).
  private func shortNumber(_ text: ArraySlice<UInt8>) -> Double? {
    guard (1...16).contains(text.count), text.last != UInt8(ascii: "."), text.first != UInt8(ascii: ".") else {
      return nil
    }
    var number = 0
    var digits = 0
    var power: Int?
    for byte in text {
      if byte == UInt8(ascii: "."), power == nil {
        power = 1
      } else {
        guard (0x30...0x39).contains(byte) else { return nil }
        number = number &* 10 &+ Int(byte &- 0x30)
        digits += 1
        power = power.map { $0 &* 10 }
      }
    }
    return digits <= 15 ? Double(number) / Double(power ?? 1) : nil
  }

  private func field(_ column: MatrixDocument.Column) -> CSVFields.Field? {
    places[column.index].map { csv.fields[$0] }
  }

  /// Nil if the bytes aren't UTF-8.
  private func text(_ field: CSVFields.Field, in record: ArraySlice<UInt8>) -> String? {
    guard let text = String(validating: record[field.range], as: UTF8.self) else { return nil }
    guard field.isQuoted else { return text }
    // Of two in a row the second goes.
    var isAfterQuote = false
    return text.replacingScalars { scalar in
      defer { isAfterQuote = scalar == "\"" && !isAfterQuote }
      return isAfterQuote && scalar == "\"" ? "" : nil
    }
  }

  private func report(
    _ field: CSVFields.Field, _ column: MatrixDocument.Column, _ record: ArraySlice<UInt8>, _ line: Int,
    _ message: String, hint: String? = nil
  ) {
    let place = position(field.range.lowerBound - (field.isQuoted ? 1 : 0), in: record, line: line)
    log.error(at: place, "\(column.rawValue): \(message)", hint: hint)
  }

  /// Lines inside a record's quotes count.
  private func position(_ index: Int, in record: ArraySlice<UInt8>, line: Int) -> Position {
    var position = Position(byteOffset: index - record.startIndex, in: record)
    position.line += UInt32(clamping: line - 1)
    return position
  }
}

extension MatrixDocument.Column {
  fileprivate var index: Int {
    switch self {
    case .source: 0
    case .destination: 1
    case .packets: 2
    case .frameBytes: 3
    case .ipBytes: 4
    case .waits: 5
    }
  }
}
