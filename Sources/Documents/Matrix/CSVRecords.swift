/// Cuts bytes that come in pieces of any length into records of CSV (RFC 4180): lines, but for line ends in quotes.
struct CSVRecords {
  /// Beyond this a record isn't one; it bounds the memory that a file without line ends takes.
  static let maximumLength = 1 << 20

  /// Where in a field the next byte is.
  private enum State { case start, unquoted, quoted, afterQuote }

  private var carried: [UInt8] = []
  private var state = State.start
  /// Line of the record that comes next, from 1.
  private(set) var line = 1
  private(set) var isTooLong = false

  /// Calls `body` with each record that ends in these bytes, without its line end, and with its line. Stops at a record
  /// that is too long.
  mutating func split(_ bytes: ArraySlice<UInt8>, body: (ArraySlice<UInt8>, Int) -> Void) {
    var start = bytes.startIndex
    var lines = 0
    var state = state
    for index in bytes.indices where !isTooLong {
      switch (bytes[index], state) {
      case (UInt8(ascii: "\""), .start), (UInt8(ascii: "\""), .afterQuote): state = .quoted
      case (UInt8(ascii: "\""), .quoted): state = .afterQuote
      case (UInt8(ascii: "\n"), .quoted): lines += 1
      case (UInt8(ascii: "\n"), _):
        emit(bytes[start..<index], body)
        line += lines + 1
        (start, lines, state) = (index + 1, 0, .start)
      case (_, .quoted): break
      case (UInt8(ascii: ","), _): state = .start
      case (0x20, .start), (0x09, .start): break
      default: state = .unquoted
      }
    }
    self.state = state
    carriedLines += lines
    carry(bytes[start...])
  }

  /// The last record, where the text doesn't end with a line end; whether its quotes are closed.
  mutating func finish(body: (ArraySlice<UInt8>, Int) -> Void) -> Bool {
    if !carried.isEmpty { emit([], body) }
    return state != .quoted
  }

  /// Line ends inside `carried`.
  private var carriedLines = 0

  private mutating func emit(_ record: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>, Int) -> Void) {
    if carried.isEmpty {
      body(record, line)
    } else {
      carry(record)
      if !isTooLong { body(carried[...], line) }
      carried.removeAll(keepingCapacity: true)
      line += carriedLines
      carriedLines = 0
    }
  }

  private mutating func carry(_ bytes: ArraySlice<UInt8>) {
    if carried.count + bytes.count > Self.maximumLength {
      isTooLong = true
    } else {
      carried += bytes
    }
  }
}

/// The fields of a record.
struct CSVFields {
  /// Where each field's content is in the record; quotes around it not included.
  private(set) var fields: [Field] = []

  struct Field {
    var range: Range<Int>
    /// In quotes; a `"` in it is written twice.
    var isQuoted = false
  }

  /// Where a record breaks RFC 4180, and how.
  struct Malformed: Error {
    var index: Int
    var message: String
  }

  /// Finds the fields of a record (a line end CR at its end not included), instead of those found before.
  mutating func find(in record: ArraySlice<UInt8>) throws(Malformed) {
    fields.removeAll(keepingCapacity: true)
    var index = record.startIndex
    while true {
      while index < record.endIndex, record[index].isBlank { index += 1 }
      if index < record.endIndex, record[index] == UInt8(ascii: "\"") {
        fields.append(try Self.quoted(record, &index))
      } else {
        let start = index
        while index < record.endIndex, record[index] != UInt8(ascii: ",") {
          if record[index] == UInt8(ascii: "\"") {
            throw Malformed(index: index, message: "a quote inside a field that doesn't begin with one")
          }
          index += 1
        }
        var end = index
        while end > start, record[end - 1].isBlank { end -= 1 }
        fields.append(Field(range: start..<end))
      }
      guard index < record.endIndex else { return }
      index += 1
    }
  }

  /// Leaves `index` at the comma after the field, or at the record's end.
  private static func quoted(_ record: ArraySlice<UInt8>, _ index: inout Int) throws(Malformed) -> Field {
    let opening = index
    index += 1
    while index < record.endIndex {
      if record[index] == UInt8(ascii: "\"") {
        if index + 1 < record.endIndex, record[index + 1] == UInt8(ascii: "\"") {
          index += 1
        } else {
          break
        }
      }
      index += 1
    }
    guard index < record.endIndex else { throw Malformed(index: opening, message: "this quote is never closed") }
    let field = Field(range: opening + 1..<index, isQuoted: true)
    index += 1
    while index < record.endIndex, record[index].isBlank { index += 1 }
    guard index == record.endIndex || record[index] == UInt8(ascii: ",") else {
      throw Malformed(index: index, message: "text after the closing quote of a field")
    }
    return field
  }
}

extension UInt8 {
  fileprivate var isBlank: Bool { self == 0x20 || self == 0x09 }
}
