internal import Model

extension IPHeader {
  /// Reads the IPv6 header at `offset` and its extension headers (RFC 8200 §3 and §4). Nil: malformed.
  ///
  /// Where the header's length is 0 the jumbo payload option (RFC 2675) has it; without that, there is no payload if no
  /// next header follows, and else `wireBytes` tells.
  @inline(never)
  init?(v6 frame: Span<UInt8>, at offset: Int, wireBytes: Int) {
    guard frame.count - offset >= 40 else { return nil }
    let header = frame.extracting(offset...)
    guard header[0] >> 4 == 6 else { return nil }
    let payloadLength = Int(header.bigEndian16(at: 4))
    source = IPAddress(v6High: header.bigEndian64(at: 8), low: header.bigEndian64(at: 16))
    destination = IPAddress(v6High: header.bigEndian64(at: 24), low: header.bigEndian64(at: 32))
    isLaterFragment = false
    transport = header[6]
    transportOffset = offset + 40

    var jumboLength: Int?
    let isJumbo = payloadLength == 0 && transport == Self.hopByHop
    // Every header is at least eight bytes long, so the captured length bounds the loop.
    while !isLaterFragment, let next = Self.extensionHeader(transport, in: frame, at: transportOffset) {
      if isJumbo, transportOffset == offset + 40 {
        jumboLength = Self.jumboLength(in: frame, at: transportOffset, headerBytes: next.bytes)
      }
      if transport == Self.fragment { isLaterFragment = frame.bigEndian16(at: transportOffset + 2) & 0xfff8 != 0 }
      transport = next.header
      transportOffset += next.bytes
    }

    if payloadLength != 0 {
      bytes = 40 + payloadLength
    } else if let jumboLength {
      bytes = 40 + jumboLength
    } else if header[6] == Self.noNextHeader {
      bytes = 40
    } else {
      bytes = max(0, wireBytes - offset)
    }
    transportBytes = max(0, bytes - (transportOffset - offset))
  }

  private static let hopByHop: UInt8 = 0
  private static let fragment: UInt8 = 44
  private static let authentication: UInt8 = 51
  private static let noNextHeader: UInt8 = 59

  /// The extension header of kind `kind` at `offset`: what follows it and how long it is. Nil: no extension header, or
  /// cut.
  private static func extensionHeader(
    _ kind: UInt8, in frame: Span<UInt8>, at offset: Int
  ) -> (header: UInt8, bytes: Int)? {
    switch kind {
    // Hop-by-hop, routing, destination options, mobility (RFC 6275), host identity (RFC 7401), shim6 (RFC 5533).
    case hopByHop, 43, 60, 135, 139, 140:
      guard frame.count - offset >= 8 else { return nil }
      return (frame[offset], Int(frame[offset + 1]) * 8 + 8)
    case fragment:
      guard frame.count - offset >= 8 else { return nil }
      return (frame[offset], 8)
    // RFC 4302 §2.2: in units of four bytes, less two.
    case authentication:
      guard frame.count - offset >= 8 else { return nil }
      return (frame[offset], Int(frame[offset + 1]) * 4 + 8)
    default: return nil
    }
  }

  /// The jumbo payload option (RFC 2675 §2) among those of the hop-by-hop header at `offset`.
  private static func jumboLength(in frame: Span<UInt8>, at offset: Int, headerBytes: Int) -> Int? {
    let end = min(frame.count, offset + headerBytes)
    var option = offset + 2
    while option + 1 < end {
      let kind = frame[option]
      if kind == 0 {  // Pad1, the one option without a length
        option += 1
        continue
      }
      let length = Int(frame[option + 1])
      if kind == 0xc2 {
        guard length == 4, option + 6 <= end else { return nil }
        return Int(frame.bigEndian32(at: option + 2))
      }
      option += 2 + length
    }
    return nil
  }
}
