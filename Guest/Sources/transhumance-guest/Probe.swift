/// A numbered datagram: `THP` and a kind, then stream and sequence number, 8 bytes each, little-endian; then zeros.
struct Probe {
  static let bytes = 20

  enum Kind: UInt8 {
    case oneWay = 0x30
    case wantsReply = 0x31
    case reply = 0x32
  }

  var kind: Kind
  /// Chosen by the sender at random.
  var stream: UInt64
  var sequence: UInt64

  init(kind: Kind, stream: UInt64, sequence: UInt64) {
    self.kind = kind
    self.stream = stream
    self.sequence = sequence
  }

  init?(_ buffer: [UInt8], count: Int) {
    guard count >= Self.bytes, Array(buffer[..<3]) == Array("THP".utf8), let kind = Kind(rawValue: buffer[3]) else {
      return nil
    }
    self.init(kind: kind, stream: Self.number(buffer[4..<12]), sequence: Self.number(buffer[12..<20]))
  }

  /// The buffer has at least `bytes` bytes.
  func write(to buffer: inout [UInt8]) {
    buffer.replaceSubrange(0..<4, with: Array("THP".utf8) + [kind.rawValue])
    for index in 0..<8 {
      buffer[4 + index] = UInt8(truncatingIfNeeded: stream >> (8 * index))
      buffer[12 + index] = UInt8(truncatingIfNeeded: sequence >> (8 * index))
    }
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
