/// Headers that carry an IP packet, or an Ethernet frame, inside an IP packet.
enum Tunnel {
  /// Where the inner IP header of a packet with this `header` begins; nil where there is none that this knows.
  ///
  /// Each step is at least 20 bytes further into the frame, so chains end.
  static func inside(_ header: IPHeader, of frame: Span<UInt8>) -> NetworkLayer? {
    let offset = header.transportOffset
    guard !header.isLaterFragment, offset < frame.count else { return nil }
    return switch header.transport {
    case 4: NetworkLayer(version: .v4, offset: offset)  // IP in IP, RFC 2003 and RFC 2473
    case 41: NetworkLayer(version: .v6, offset: offset)  // 6in4, RFC 4213
    case 47: gre(frame, at: offset)
    case 17: udp(frame, at: offset)
    default: nil
    }
  }

  /// RFC 2784 with the key and sequence of RFC 2890; bridged frames also as NVGRE, RFC 7637. Not the deprecated
  /// routing, not version 1 (PPTP).
  private static func gre(_ frame: Span<UInt8>, at offset: Int) -> NetworkLayer? {
    guard frame.count - offset >= 4 else { return nil }
    let flags = frame.bigEndian16(at: offset)
    guard flags & 0x4007 == 0 else { return nil }
    let optional = (flags >> 15) + (flags >> 13 & 1) + (flags >> 12 & 1)
    return content(frame.bigEndian16(at: offset + 2), of: frame, at: offset + 4 + Int(optional) * 4)
  }

  private static func udp(_ frame: Span<UInt8>, at offset: Int) -> NetworkLayer? {
    guard frame.count - offset >= 16 else { return nil }
    let inner = offset + 8
    switch frame.bigEndian16(at: offset + 2) {
    // VXLAN, RFC 7348, on its assigned port and on the one that Linux took before.
    case 4789, 8472:
      guard frame[inner] & 0x08 != 0 else { return nil }
      return NetworkLayer(ethernet: frame, at: inner + 8)
    // Geneve, RFC 8926.
    case 6081:
      let first = frame[inner]
      guard first >> 6 == 0 else { return nil }
      return content(frame.bigEndian16(at: inner + 2), of: frame, at: inner + 8 + Int(first & 0x3f) * 4)
    // GTP-U, 3GPP TS 29.281 §5.
    case 2152: return gtp(frame, at: inner)
    default: return nil
    }
  }

  /// Version 1, message type 255 (G-PDU); with any of the flags E, S and PN four more bytes, the last of which names
  /// the first of a chain of extension headers, each of a length in units of four bytes and with the next one's name at
  /// its end.
  private static func gtp(_ frame: Span<UInt8>, at offset: Int) -> NetworkLayer? {
    let flags = frame[offset]
    guard flags & 0xf0 == 0x30, frame[offset + 1] == 255 else { return nil }
    guard flags & 0x07 != 0 else { return NetworkLayer(version: .either, offset: offset + 8) }
    var position = offset + 12
    guard position <= frame.count else { return nil }
    while flags & 0x04 != 0, frame[position - 1] != 0 {
      guard position < frame.count else { return nil }
      let length = Int(frame[position]) * 4
      guard length > 0, position + length <= frame.count else { return nil }
      position += length
    }
    return NetworkLayer(version: .either, offset: position)
  }

  /// What an EtherType inside a tunnel announces: IP, or with 0x6558 (transparent Ethernet bridging) an Ethernet frame.
  private static func content(_ etherType: UInt16, of frame: Span<UInt8>, at offset: Int) -> NetworkLayer? {
    etherType == 0x6558
      ? NetworkLayer(ethernet: frame, at: offset)
      : NetworkLayer(etherType: etherType, of: frame, at: offset, isGroup: false)
  }
}
