internal import Model

/// An IP header of either version, read as far as the frame was captured.
struct IPHeader {
  var source: IPAddress
  var destination: IPAddress
  /// Bytes of header and payload, by the header.
  var bytes: Int
  /// Protocol (IPv4) or the first next header that is no extension (IPv6).
  var transport: UInt8
  /// Where the transport's header begins in the frame; may lie beyond the captured part.
  var transportOffset: Int
  /// Bytes from there to the end of the packet, by the header; never negative.
  var transportBytes: Int
  /// Whether this is a fragment other than the first.
  var isLaterFragment: Bool

  /// Reads the IPv4 header (RFC 791 §3.1) at `offset`. Nil: malformed.
  ///
  /// - Parameter wireBytes: length of the frame as it was on the wire, without FCS; what of it follows `offset` stands
  ///   in where the header's length is 0, as in buffers of segmentation offload.
  @inline(__always)
  init?(v4 frame: Span<UInt8>, at offset: Int, wireBytes: Int) {
    guard frame.count - offset >= 20 else { return nil }
    let header = frame.extracting(offset...)
    let headerBytes = Int(header[0] & 0xf) * 4
    guard header[0] >> 4 == 4, headerBytes >= 20 else { return nil }
    let totalLength = Int(header.bigEndian16(at: 2))
    bytes = totalLength == 0 ? max(0, wireBytes - offset) : totalLength
    isLaterFragment = header.bigEndian16(at: 6) & 0x1fff != 0
    transport = header[9]
    source = IPAddress(v4: header.bigEndian32(at: 12))
    destination = IPAddress(v4: header.bigEndian32(at: 16))
    transportOffset = offset + headerBytes
    transportBytes = max(0, bytes - headerBytes)
  }
}
