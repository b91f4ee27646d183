import Model

/// Bytes of a message under construction: numbers in the machine's order, attributes padded to four bytes
/// (`struct nlattr`, netlink(7)).
struct NetlinkBytes {
  private(set) var bytes: [UInt8] = []

  init(capacity: Int = 64) {
    bytes.reserveCapacity(capacity)
  }

  mutating func append(_ value: UInt8) {
    bytes.append(value)
  }

  mutating func append(_ value: UInt16) {
    append(integer: value)
  }

  mutating func append(_ value: UInt32) {
    append(integer: value)
  }

  mutating func append(_ value: Int32) {
    append(integer: UInt32(bitPattern: value))
  }

  private mutating func append(integer value: some FixedWidthInteger) {
    let ordered = value.littleEndian
    for shift in stride(from: 0, to: ordered.bitWidth, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: ordered >> shift))
    }
  }

  mutating func append(contentsOf other: [UInt8]) {
    bytes += other
  }

  mutating func append(_ address: IPAddress) {
    bytes += address.octets
  }

  /// An attribute whose payload `body` appends; length and padding follow from it.
  mutating func attribute(_ type: Int, _ body: (inout NetlinkBytes) -> Void) {
    let start = bytes.count
    append(UInt16(0))
    append(UInt16(truncatingIfNeeded: type))
    body(&self)
    let length = UInt16(truncatingIfNeeded: bytes.count - start).littleEndian
    bytes[start] = UInt8(truncatingIfNeeded: length)
    bytes[start + 1] = UInt8(truncatingIfNeeded: length >> 8)
    while bytes.count % 4 != 0 { bytes.append(0) }
  }

  mutating func attribute(_ type: Int, _ value: UInt8) {
    attribute(type) { $0.append(value) }
  }

  mutating func attribute(_ type: Int, flag value: Bool) {
    attribute(type) { $0.append(value ? UInt8(1) : 0) }
  }

  mutating func attribute(_ type: Int, _ value: UInt32) {
    attribute(type) { $0.append(value) }
  }

  mutating func attribute(_ type: Int, _ value: MACAddress) {
    attribute(type) {
      for shift in stride(from: UInt64(40), through: 0, by: -8) {
        $0.append(UInt8(truncatingIfNeeded: value.number >> shift))
      }
    }
  }

  mutating func attribute(_ type: Int, _ value: IPAddress) {
    attribute(type) { $0.append(value) }
  }

  /// Text that ends with a zero, as names of interfaces do.
  mutating func attribute(_ type: Int, terminated text: String) {
    attribute(type) {
      $0.bytes += text.utf8
      $0.append(UInt8(0))
    }
  }

  /// Text without an end of its own, as kinds of links are sent.
  mutating func attribute(_ type: Int, text: String) {
    attribute(type) { $0.bytes += text.utf8 }
  }
}
