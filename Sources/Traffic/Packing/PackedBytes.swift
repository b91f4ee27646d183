/// Why bytes are no packed period.
public struct PackingError: Error, Hashable, CustomStringConvertible {
  public var description: String

  init(_ description: String) { self.description = description }
}

/// Bytes as they are written. Numbers are in base 128, the least significant digit first, all but the last with the
/// highest bit set (as protobuf has them).
struct PackedWriter {
  var bytes: [UInt8] = []

  mutating func write(_ number: UInt64) {
    var rest = number
    while rest > 0x7f {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func write(_ text: String) {
    write(UInt64(text.utf8.count))
    bytes += text.utf8
  }

  /// Little-endian.
  mutating func write(words: some Collection<UInt64>) {
    bytes.reserveCapacity(bytes.count + 8 * words.count)
    for word in words {
      for shift in stride(from: UInt64(0), to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: word &>> shift)) }
    }
  }
}

/// Bytes as they are read, which may be anything.
struct PackedReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Bytes that haven't been read.
  var rest: Int { bytes.count - position }

  mutating func byte() throws(PackingError) -> UInt8 {
    guard position < bytes.count else { throw PackingError("it is cut short") }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func number() throws(PackingError) -> UInt64 {
    var (number, shift) = (UInt64(0), UInt64(0))
    while true {
      let byte = try byte()
      guard shift < 63 || byte <= 1 else { throw PackingError("a number of more than 64 bits") }
      number |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return number }
      shift += 7
    }
  }

  /// A number of things, each of which takes at least so many bits.
  mutating func count(atMost limit: Int) throws(PackingError) -> Int {
    let number = try number()
    guard number <= UInt64(limit) else { throw PackingError("\(number) of what are at most \(limit)") }
    return Int(number)
  }

  mutating func text() throws(PackingError) -> String {
    String(decoding: try take(try count(atMost: rest)), as: UTF8.self)
  }

  mutating func take(_ count: Int) throws(PackingError) -> ArraySlice<UInt8> {
    guard count <= rest else { throw PackingError("it is cut short") }
    defer { position += count }
    return bytes[position..<position + count]
  }

  mutating func words(_ count: Int) throws(PackingError) -> [UInt64] {
    guard count <= rest / 8 else { throw PackingError("it is cut short") }
    let start = position
    position += 8 * count
    let source = unsafe bytes.span.bytes
    var words: [UInt64] = []
    words.reserveCapacity(count + 1)
    // Each load checks its bounds; any eight bytes are a number.
    for index in 0..<count {
      words.append(
        unsafe UInt64(littleEndian: source.unsafeLoadUnaligned(fromByteOffset: start + 8 * index, as: UInt64.self)))
    }
    return words
  }
}

extension UInt64 {
  /// Numbers near 0 on either side as small ones: 0, −1, 1, −2, …
  @inline(__always)
  init(zigzag number: Int64) { self = UInt64(bitPattern: (number &<< 1) ^ (number &>> 63)) }

  /// The number of which this is the zigzag, modulo 2⁶⁴.
  @inline(__always)
  var unzigzagged: UInt64 { (self &>> 1) ^ (0 &- (self & 1)) }
}
