internal import Model

/// What a field of an object in JSON holds.
package enum JSONField: Sendable {
  case text(String)
  /// Finite.
  case number(Double)
  case count(UInt64)
  case difference(Int64)
  case flag(Bool)
  case texts([String])
  case numbers([Double])
  case null
  /// Of fields in the order given.
  indirect case object([(key: String, value: JSONField)])

  /// Nanoseconds since 1970 UTC.
  package static func time(_ nanoseconds: Int64) -> JSONField { .text(Timestamp(nanoseconds: nanoseconds).description) }

  package static func times(_ list: [Int64]) -> JSONField {
    .texts(list.map { Timestamp(nanoseconds: $0).description })
  }
}

extension ByteText {
  /// An object on one line, in the order given; fields without a value are left out.
  ///
  /// The same text as an encoder's, which takes twenty times as long: there may be a million rows.
  package mutating func append(row fields: [(key: String, value: JSONField?)]) {
    var isFirst = true
    append("{")
    for (key, value) in fields {
      guard let value else { continue }
      append(isFirst ? "\"" : ",\"")
      append(key)
      append("\":")
      append(value)
      isFirst = false
    }
    append("}")
  }

  package mutating func append(_ value: JSONField) {
    switch value {
    case .text(let text): append(quoted: text)
    case .number(let number): append(Numeral.plain(number))
    case .count(let count): append(String(count))
    case .difference(let difference): append(String(difference))
    case .flag(let flag): append(flag ? "true" : "false")
    case .texts(let texts): append(list: texts) { $0.append(quoted: $1) }
    case .numbers(let numbers): append(list: numbers) { $0.append(Numeral.plain($1)) }
    case .null: append("null")
    case .object(let fields): append(row: fields.map { ($0.key, $0.value) })
    }
  }

  private mutating func append<Element>(list: [Element], _ append: (inout ByteText, Element) -> Void) {
    self.append("[")
    for (index, element) in list.enumerated() {
      if index > 0 { self.append(",") }
      append(&self, element)
    }
    self.append("]")
  }

  /// A string of RFC 8259, section 7: quotes, backslashes and what is below U+0020 are escaped, all else stands as it
  /// is.
  package mutating func append(quoted text: String) {
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
