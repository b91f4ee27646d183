/// A report as it lies on the disk: whose it is, its message in protobuf, and what shows that all of it is there.
///
/// Big endian: `THR1`, incarnation (8 octets), sequence (8), length of the message (4), CRC-32 of all but itself (4),
/// message.
package struct SpooledReport: Hashable, Sendable {
  package var incarnation: UInt64
  package var sequence: UInt64
  /// A `SensorReport` in protobuf.
  package var message: [UInt8]

  private static let magic = Array("THR1".utf8)
  private static let headerLength = 28

  package init(incarnation: UInt64, sequence: UInt64, message: [UInt8]) {
    (self.incarnation, self.sequence, self.message) = (incarnation, sequence, message)
  }

  /// Nil where it isn't whole.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count >= Self.headerLength, bytes.starts(with: Self.magic) else { return nil }
    func number(_ range: Range<Int>) -> UInt64 { bytes[range].reduce(0) { $0 << 8 | UInt64($1) } }
    let message = bytes[Self.headerLength...]
    guard number(20..<24) == message.count,
      number(24..<28) == Checksum.crc32([bytes[..<24], message].joined())
    else { return nil }
    self.init(incarnation: number(4..<12), sequence: number(12..<20), message: Array(message))
  }

  package var bytes: [UInt8] {
    func octets(_ number: some FixedWidthInteger) -> [UInt8] {
      stride(from: number.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> $0) }
    }
    let header = Self.magic + octets(incarnation) + octets(sequence) + octets(UInt32(clamping: message.count))
    return header + octets(Checksum.crc32([header, message].joined())) + message
  }
}
