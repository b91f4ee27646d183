/// What of a frame goes on the wire: itself, or the segments that it is cut into, each with the headers of the whole.
struct WireSizes {
  var packets: UInt64 = 1
  var frameBytes: UInt64
  var ipBytes: UInt64
  /// Payload of the last segment; nil: the frame isn't cut.
  var lastBytes: UInt32?

  @inline(__always)
  init(_ header: IPHeader, at offset: Int, of frame: Span<UInt8>, _ facts: TapFrame) {
    frameBytes = UInt64(max(0, facts.bytes)) &+ (facts.hasTag ? 4 : 0)
    ipBytes = UInt64(header.bytes)
    if facts.segmentBytes != 0 { cut(header, at: offset, of: frame, facts) }
  }

  /// Lengths in the buffer's headers aren't gone by: beyond 64 KiB they are 0.
  @inline(never)
  private mutating func cut(_ header: IPHeader, at offset: Int, of frame: Span<UInt8>, _ facts: TapFrame) {
    guard let transportBytes = Self.transportBytes(header, of: frame, facts.segmentation) else { return }
    let headers = header.transportOffset + transportBytes
    let payload = facts.bytes - headers
    guard payload > 0 else { return }
    let size = Int(facts.segmentBytes)
    let count = (payload + size - 1) / size
    // The option of BIG TCP over IPv6 (RFC 2675) is gone once the buffer is cut.
    let repeated = headers - Self.jumboBytes(of: frame, at: offset)
    packets = UInt64(count)
    frameBytes = UInt64(count * (repeated + (facts.hasTag ? 4 : 0)) + payload)
    ipBytes = UInt64(count * (repeated - offset) + payload)
    lastBytes = UInt32(clamping: payload - (count - 1) * size)
  }

  /// Length of the transport's header, which every segment repeats. Nil: the frame isn't what the segmentation is for, or its
  /// headers were cut off.
  private static func transportBytes(
    _ header: IPHeader, of frame: Span<UInt8>, _ segmentation: TapFrame.Segmentation
  ) -> Int? {
    switch segmentation {
    case .tcp:
      guard header.transport == 6, frame.count > header.transportOffset + 12 else { return nil }
      let bytes = Int(frame[header.transportOffset + 12] >> 4) * 4
      return bytes >= 20 ? bytes : nil
    case .udp: return header.transport == 17 ? 8 : nil
    // UDP's header is a part of what is cut.
    case .fragments: return header.transport == 17 ? 0 : nil
    }
  }

  private static func jumboBytes(of frame: Span<UInt8>, at offset: Int) -> Int {
    // An IPv6 header with length 0 and hop-by-hop options after it; those are 8 bytes long unless they say more.
    guard frame.count >= offset + 42, frame[offset] >> 4 == 6, frame.bigEndian16(at: offset + 4) == 0,
      frame[offset + 6] == 0
    else { return 0 }
    return 8 + 8 * Int(frame[offset + 41])
  }
}
