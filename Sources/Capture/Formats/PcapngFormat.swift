internal import Traffic

/// The block format of Wireshark and newer tools, draft-ietf-opsawg-pcapng.
struct PcapngFormat {
  static let sectionHeader: UInt32 = 0x0a0d_0d0a

  private var order = ByteOrder.little
  private var interfaces: [CaptureInterface] = []
  /// Of the last packet that had a time stamp: what one without takes. Nil before the first.
  private var latest: Int64?
  /// Packets without a time stamp, after one that has and before any that has.
  private(set) var untimedPackets: (later: UInt64, first: UInt64) = (0, 0)

  private enum Block {
    static let interface: UInt32 = 1
    static let obsoletePacket: UInt32 = 2
    static let simplePacket: UInt32 = 3
    static let enhancedPacket: UInt32 = 6
  }

  /// More interfaces in a section are refused: nobody has them, and each takes memory.
  private static let mostInterfaces = 1 << 16

  /// Appends the packets of the blocks that the window holds, up to `limit`; moves the window only before the first of
  /// them.
  mutating func read(
    _ source: ByteSource, into records: inout [PacketRecord], limit: Int
  ) throws(CaptureError) -> ReadingProgress {
    while records.count < limit {
      if source.count < 12 {
        if !records.isEmpty { return .more }
        if try !source.fill(to: 12) { return .ended(inside: UInt64(source.count)) }
      }
      let block = try header(source)
      if !records.isEmpty, source.count < block.bytes { return .more }
      if block.isKept {
        if try !source.fill(to: block.bytes) { return .ended(inside: UInt64(source.count)) }
        try take(block, source, into: &records)
      } else {
        let start = source.offset
        if try !skip(block, source) { return .ended(inside: source.offset - start + UInt64(source.count)) }
      }
    }
    return .more
  }

  private struct BlockHeader {
    var kind: UInt32
    /// Of the whole block, from its type to the second length.
    var bytes: Int
    /// Its content matters here.
    var isKept: Bool
  }

  /// Reads a block's type and length, and of a section header the byte order, which holds for that length already.
  private mutating func header(_ source: ByteSource) throws(CaptureError) -> BlockHeader {
    let window = source.bytes
    let bytes = window.span
    let kind = order.number32(bytes, at: source.start)
    if kind == Self.sectionHeader {
      switch ByteOrder.little.number32(bytes, at: source.start + 8) {
      case 0x1a2b_3c4d: order = .little
      case 0x4d3c_2b1a: order = .big
      default: throw source.error(.corrupt, at: 8, "a section header without its byte-order magic 1a2b3c4d")
      }
    }
    let length = Int(order.number32(bytes, at: source.start + 4))
    let (least, isKept) =
      switch kind {
      case Self.sectionHeader: (28, true)
      case Block.interface: (20, true)
      case Block.simplePacket: (16, true)
      case Block.obsoletePacket, Block.enhancedPacket: (32, true)
      default: (12, false)
      }
    guard length >= least, length % 4 == 0 else {
      throw source.error(
        .corrupt, at: 4, "a block of type \(kind) claims \(length) bytes; it needs \(least) and a multiple of four")
    }
    guard !isKept || length <= PacketRecord.longest else {
      throw source.error(
        .tooLong, at: 4,
        "a block of type \(kind) claims \(length) bytes, where \(PacketRecord.longest) are the most")
    }
    return BlockHeader(kind: kind, bytes: length, isKept: isKept)
  }

  /// Passes over a block of another kind, of any length.
  ///
  /// - Returns: false where the file ends inside the block.
  private func skip(_ block: BlockHeader, _ source: ByteSource) throws(CaptureError) -> Bool {
    guard try source.skip(UInt64(block.bytes) - 4), try source.fill(to: 4) else { return false }
    try checkTrailer(block, source, at: 0)
    source.take(4)
    return true
  }

  private func checkTrailer(_ block: BlockHeader, _ source: ByteSource, at distance: Int) throws(CaptureError) {
    let window = source.bytes
    let length = order.number32(window.span, at: source.start + distance)
    guard length == block.bytes else {
      throw source.error(
        .corrupt, at: distance,
        "a block of type \(block.kind) that begins with length \(block.bytes) ends with \(length)")
    }
  }

  /// Takes in a block that the window holds.
  private mutating func take(
    _ block: BlockHeader, _ source: ByteSource, into records: inout [PacketRecord]
  ) throws(CaptureError) {
    try checkTrailer(block, source, at: block.bytes - 4)
    switch block.kind {
    case Self.sectionHeader: interfaces.removeAll()
    case Block.interface:
      guard interfaces.count < Self.mostInterfaces else {
        throw source.error(.corrupt, "more than \(Self.mostInterfaces) interfaces in one section")
      }
      interfaces.append(try CaptureInterface(source, blockBytes: block.bytes, order: order))
    case Block.simplePacket: records.append(try simplePacket(source, blockBytes: block.bytes))
    default: records.append(try packet(source, block))
    }
    source.take(block.bytes)
  }

  /// An Enhanced Packet Block (§4.3), or the Packet Block that it replaced (appendix A), which differs in the first
  /// four bytes.
  private mutating func packet(_ source: ByteSource, _ block: BlockHeader) throws(CaptureError) -> PacketRecord {
    let window = source.bytes
    let bytes = window.span
    let start = source.start
    let number =
      block.kind == Block.enhancedPacket
      ? Int(order.number32(bytes, at: start + 8)) : Int(order.number16(bytes, at: start + 8))
    guard number < interfaces.count else {
      throw source.error(
        .corrupt, at: 8, "a packet of interface \(number), of which the section describes \(interfaces.count)")
    }
    let captured = Int(order.number32(bytes, at: start + 20))
    guard captured <= block.bytes - 32 else {
      throw source.error(.corrupt, at: 20, "a packet claims \(captured) bytes in a block of \(block.bytes)")
    }
    let high = UInt64(order.number32(bytes, at: start + 12))
    let ticks = high << 32 | UInt64(order.number32(bytes, at: start + 16))
    let time = interfaces[number].clock.nanoseconds(of: ticks)
    latest = time
    var checkBytes = interfaces[number].checkBytes
    let options = start + 28 + (captured + 3) / 4 * 4
    let end = start + block.bytes - 4
    if options < end {
      var list = OptionList(at: options, end: end)
      while let option = try list.next(source, bytes, order) {
        guard option.code == 2, option.length == 4 else { continue }
        // Bits 5 to 8 of the flags: the length of this packet's FCS, 0 if that isn't known.
        let length = UInt8(order.number32(bytes, at: option.offset) >> 5 & 0xf)
        if length > 0 { checkBytes = length }
      }
    }
    return PacketRecord(
      time: time, offset: start + 28, capturedBytes: UInt32(captured),
      originalBytes: order.number32(bytes, at: start + 24), linkType: interfaces[number].linkType,
      checkBytes: checkBytes)
  }

  /// A Simple Packet Block (§4.4): of the section's first interface, without a time stamp; it takes that of the packet
  /// before it, if there is one.
  private mutating func simplePacket(_ source: ByteSource, blockBytes: Int) throws(CaptureError) -> PacketRecord {
    guard let interface = interfaces.first else {
      throw source.error(.corrupt, "a packet of interface 0, of which the section describes none")
    }
    if latest == nil { untimedPackets.first += 1 } else { untimedPackets.later += 1 }
    let window = source.bytes
    let original = order.number32(window.span, at: source.start + 8)
    let snapped = interface.snapLength == 0 ? original : min(original, interface.snapLength)
    return PacketRecord(
      time: latest ?? .min, isUntimed: latest == nil, offset: source.start + 12,
      capturedBytes: min(snapped, UInt32(blockBytes - 16)), originalBytes: original, linkType: interface.linkType,
      checkBytes: interface.checkBytes)
  }
}
