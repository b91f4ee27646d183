import Foundation

/// A JSON document written piece by piece, so that its length costs no memory: arrays have an element a line.
struct JSONStream {
  private let encoder = JSONEncoder()
  private var buffer: [UInt8] = []

  /// Bytes gathered before they are written.
  private static let piece = 1 << 18

  init() {
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  }

  /// An object whose members are written by their closures, in the order given.
  mutating func writeObject(_ members: [(key: String, write: (inout JSONStream) throws -> Void)]) throws {
    append("{")
    for (index, member) in members.enumerated() {
      append(index == 0 ? "\n" : ",\n")
      try write(member.key)
      append(": ")
      try member.write(&self)
    }
    append("\n}")
  }

  /// An array whose elements are written by a closure.
  mutating func writeArray<Element>(
    _ elements: some Sequence<Element>, _ write: (inout JSONStream, Element) throws -> Void
  ) throws {
    var separator = "[\n"
    for element in elements {
      append(separator)
      try write(&self, element)
      separator = ",\n"
    }
    append(separator == "[\n" ? "[]" : "\n]")
  }

  /// A value by its encoding, on one line.
  mutating func write(_ value: some Encodable) throws {
    buffer.append(contentsOf: try encoder.encode(value))
    try flushIfFull()
  }

  mutating func append(_ text: String) { buffer.append(contentsOf: text.utf8) }

  mutating func append(byte: UInt8) { buffer.append(byte) }

  mutating func flushIfFull() throws {
    if buffer.count >= Self.piece { try flush() }
  }

  /// Ends the document.
  mutating func finish() throws {
    append("\n")
    try flush()
  }

  private mutating func flush() throws {
    try StandardOutput.write(bytes: buffer)
    buffer.removeAll(keepingCapacity: true)
  }
}
