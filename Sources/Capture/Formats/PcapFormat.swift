internal import Traffic

/// The classic capture format of libpcap, pcap-savefile(5).
struct PcapFormat {
  private let order: ByteOrder
  private let nanosecondsPerTick: Int64
  private let recordHeaderBytes: Int
  private let linkType: LinkType
  private let checkBytes: UInt8
  private let longest: Int

  private enum Magic {
    static let microseconds: UInt32 = 0xa1b2_c3d4
    static let nanoseconds: UInt32 = 0xa1b2_3c4d
    /// "Modified": eight bytes more in each record's header.
    static let modified: UInt32 = 0xa1b2_cd34
  }

  /// Whether the four bytes are one of the magic numbers in either byte order.
  static func begins(with magic: UInt32) -> Bool {
    [magic, magic.byteSwapped].contains { [Magic.microseconds, Magic.nanoseconds, Magic.modified].contains($0) }
  }

  /// Reads the file's header.
  ///
  /// - Returns: nil where the file ends before the header does.
  init?(_ source: ByteSource) throws(CaptureError) {
    guard try source.fill(to: 24) else { return nil }
    let window = source.bytes
    let header = window.span
    let magic = ByteOrder.little.number32(header, at: source.start)
    order = Self.begins(with: magic) && magic >> 16 == 0xa1b2 ? .little : .big
    let start = source.start
    switch order.number32(header, at: start) {
    case Magic.nanoseconds: (nanosecondsPerTick, recordHeaderBytes) = (1, 16)
    case Magic.modified: (nanosecondsPerTick, recordHeaderBytes) = (1000, 24)
    default: (nanosecondsPerTick, recordHeaderBytes) = (1000, 16)
    }
    let major = order.number16(header, at: start + 4)
    guard major == 2 else {
      throw source.error(.corrupt, at: 4, "pcap version \(major), where 2 is the only one in use")
    }
    let snapLength = order.number32(header, at: start + 16)
    longest = max(262_144, min(Int(snapLength), PacketRecord.longest))
    let link = order.number32(header, at: start + 20)
    linkType = LinkType(rawValue: UInt16(truncatingIfNeeded: link))
    // Bit 26 says that the upper four bits hold the length of the FCS, in units of two bytes.
    checkBytes = link & 0x0400_0000 != 0 ? UInt8(link >> 28) * 2 : 0
    source.take(24)
  }

  /// Appends the records that the window holds, up to `limit`; if it holds none, moves it.
  ///
  func read(
    _ source: ByteSource, into records: inout [PacketRecord], limit: Int
  ) throws(CaptureError) -> ReadingProgress {
    if try !source.fill(to: recordHeaderBytes) { return .ended(inside: UInt64(source.count)) }
    let first = Int(length(source))
    if first <= longest, try !source.fill(to: recordHeaderBytes + first) {
      return .ended(inside: UInt64(source.count))
    }

    let window = source.bytes
    let bytes = window.span
    var position = source.start
    defer { source.take(position - source.start) }
    while records.count < limit, source.end - position >= recordHeaderBytes {
      let header = order.numbers32(bytes, at: position)
      let captured = header[2]
      guard captured <= longest else {
        throw source.error(
          .tooLong, at: position - source.start,
          "a record that claims \(captured) bytes, where \(longest) are the most; the file is damaged")
      }
      let offset = position + recordHeaderBytes
      guard source.end - offset >= Int(captured) else { break }
      // Neither product nor sum can overflow: both factors have 32 bits.
      let seconds = Int64(header[0]) * 1_000_000_000
      let fraction = Int64(header[1]) * nanosecondsPerTick
      records.append(
        PacketRecord(
          time: seconds + fraction, offset: offset, capturedBytes: captured,
          originalBytes: header[3], linkType: linkType, checkBytes: checkBytes))
      position = offset + Int(captured)
    }
    return .more
  }

  /// Captured length of the record at the start of the window.
  private func length(_ source: ByteSource) -> UInt32 {
    let window = source.bytes
    return order.number32(window.span, at: source.start + 8)
  }
}
