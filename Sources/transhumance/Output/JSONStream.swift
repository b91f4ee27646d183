import Foundation

/// A JSON document written piece by piece, so that its length costs no memory: arrays have an element a line.
struct JSONStream {
  private let encoder = JSONEncoder()
  private var buffer = Data()

  /// Bytes gathered before they are written.
  private static let piece = 1 << 18

  init() {
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  }

  /// An object whose members are written by their closures, in the order given.
  mutating func writeObject(_ members: [(key: String, write: (inout JSONStream) throws -> Void)]) throws {
    buffer.append(contentsOf: "{".utf8)
    for (index, member) in members.enumerated() {
      buffer.append(contentsOf: (index == 0 ? "\n" : ",\n").utf8)
      try write(member.key)
      buffer.append(contentsOf: ": ".utf8)
      try member.write(&self)
    }
    buffer.append(contentsOf: "\n}".utf8)
  }

  /// An array whose elements are written by a closure, or by their encoding.
  mutating func writeArray<Element>(
    _ elements: some Sequence<Element>, _ write: (inout JSONStream, Element) throws -> Void
  ) throws {
    var separator = "[\n"
    for element in elements {
      buffer.append(contentsOf: separator.utf8)
      try write(&self, element)
      separator = ",\n"
    }
    buffer.append(contentsOf: (separator == "[\n" ? "[]" : "\n]").utf8)
  }

  /// A value by its encoding, on one line.
  mutating func write(_ value: some Encodable) throws {
    buffer.append(try encoder.encode(value))
    if buffer.count >= Self.piece { try flush() }
  }

  /// Ends the document.
  mutating func finish() throws {
    buffer.append(0x0a)
    try flush()
  }

  private mutating func flush() throws {
    try StandardOutput.write(buffer)
    buffer.removeAll(keepingCapacity: true)
  }
}
