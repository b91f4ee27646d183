internal import Model

/// Text as bytes of UTF-8, put together piece by piece.
package struct ByteText: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  package mutating func append(_ text: some StringProtocol) { bytes.append(contentsOf: text.utf8) }

  package mutating func append(byte: UInt8) { bytes.append(byte) }

  package mutating func append(contentsOf more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

  /// A finite number as programs read it.
  package mutating func append(number: Double, after text: String) {
    append(text)
    append(Numeral.plain(number))
  }

  /// What it holds, which it holds no more.
  package mutating func take() -> [UInt8] {
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }
}
