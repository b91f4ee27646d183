import Answers
import Foundation

/// A JSON document written piece by piece, so that its length costs no memory: arrays have an element a line.
struct JSONStream {
  private let encoder = JSONEncoder()
  private var buffer = ByteText()

  /// Bytes gathered before they are written.
  private static let piece = 1 << 18

  init() {
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  }

  /// An object whose members are written by their closures, in the order given.
  mutating func writeObject(_ members: [(key: String, write: (inout JSONStream) throws -> Void)]) throws {
    buffer.append("{")
    for (index, member) in members.enumerated() {
      buffer.append(index == 0 ? "\n" : ",\n")
      try write(member.key)
      buffer.append(": ")
      try member.write(&self)
    }
    buffer.append("\n}")
  }

  /// An array whose elements are written by a closure.
  mutating func writeArray<Element>(
    _ elements: some Sequence<Element>, _ write: (inout JSONStream, Element) throws -> Void
  ) throws {
    var separator = "[\n"
    for element in elements {
      buffer.append(separator)
      try write(&self, element)
      separator = ",\n"
    }
    buffer.append(separator == "[\n" ? "[]" : "\n]")
  }

  /// An object of plain fields, on one line, in the order given; those without a value are left out.
  mutating func writeRow(_ fields: [(key: String, value: JSONField?)]) throws {
    buffer.append(row: fields)
    try flushIfFull()
  }

  /// A value by its encoding, on one line.
  mutating func write(_ value: some Encodable) throws {
    buffer.append(contentsOf: try encoder.encode(value))
    try flushIfFull()
  }

  /// Ends the document.
  mutating func finish() throws {
    buffer.append("\n")
    try StandardOutput.write(bytes: buffer.take())
  }

  private mutating func flushIfFull() throws {
    if buffer.bytes.count >= Self.piece { try StandardOutput.write(bytes: buffer.take()) }
  }
}
