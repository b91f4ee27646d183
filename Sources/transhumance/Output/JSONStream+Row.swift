extension JSONStream {
  /// What a field of a row holds.
  enum Field {
    case text(String)
    /// Finite.
    case number(Double)
    case count(UInt64)
    case difference(Int64)
    case flag(Bool)
  }

  /// An object of plain fields, on one line, in the order given; those without a value are left out.
  ///
  /// The same text as an encoder's, which takes twenty times as long: there may be a million rows.
  mutating func writeRow(_ fields: [(key: String, value: Field?)]) throws {
    var separator: String = "{\""
    for (key, value) in fields {
      guard let value else { continue }
      append(separator)
      append(key)
      append("\":")
      append(value)
      separator = ",\""
    }
    append("}")
    try flushIfFull()
  }

  private mutating func append(_ value: Field) {
    switch value {
    case .text(let text): append(quoted: text)
    case .number(let number):
      if let whole = Int64(exactly: number), whole.magnitude <= 1 << 53 {
        append(String(whole))
      } else {
        append(number.description)
      }
    case .count(let count): append(String(count))
    case .difference(let difference): append(String(difference))
    case .flag(let flag): append(flag ? "true" : "false")
    }
  }

  /// A string of RFC 8259, section 7: quotes, backslashes and what is below U+0020 are escaped, all else stands as it
  /// is.
  private mutating func append(quoted text: String) {
    append("\"")
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): append("\\\"")
      case UInt8(ascii: "\\"): append("\\\\")
      case 0x08: append("\\b")
      case 0x09: append("\\t")
      case 0x0a: append("\\n")
      case 0x0c: append("\\f")
      case 0x0d: append("\\r")
      case ..<0x20:
        append(byte < 0x10 ? "\\u000" : "\\u001")
        append(String(byte & 0xf, radix: 16))
      default: append(byte: byte)
      }
    }
    append("\"")
  }
}
