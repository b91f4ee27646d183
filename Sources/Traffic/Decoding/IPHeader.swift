internal import Model

/// An IP header of either version, read as far as the frame was captured.
struct IPHeader {
  var source: IPAddress
  var destination: IPAddress
  /// Bytes of header and payload.
  var bytes: Int
  /// Protocol (IPv4) or the first next header that is no extension (IPv6); 59, "no next header", where extension
  /// headers were cut.
  var transport: UInt8
  /// Where the transport's header begins in the frame; may lie beyond the captured part.
  var transportOffset: Int
  /// Bytes from there to the end of the packet, by the header; never negative.
  var transportBytes: Int
  /// Whether this is a fragment other than the first.
  var isLaterFragment: Bool

  /// Reads the header at `offset`. Nil: malformed.
  ///
  /// - Parameter wireBytes: length of the frame as it was on the wire, without FCS; stands in where the header's length
  ///   is 0, as in buffers of segmentation offload.
  @inline(__always)
  init?(_ frame: Span<UInt8>, at offset: Int, wireBytes: Int) {
    guard offset < frame.count else { return nil }
    switch frame[offset] >> 4 {
    case 4: self.init(v4: frame, at: offset, wireBytes: wireBytes)
    case 6: self.init(v6: frame, at: offset, wireBytes: wireBytes)
    default: return nil
    }
  }

  /// RFC 791 §3.1.
  @inline(__always)
  init?(v4 frame: Span<UInt8>, at offset: Int, wireBytes: Int) {
    guard frame.count - offset >= 20 else { return nil }
    let first = frame[offset]
    let headerBytes = Int(first & 0xf) * 4
    guard first >> 4 == 4, headerBytes >= 20 else { return nil }
    let totalLength = Int(frame.bigEndian16(at: offset + 2))
    bytes = totalLength == 0 ? max(0, wireBytes - offset) : totalLength
    isLaterFragment = frame.bigEndian16(at: offset + 6) & 0x1fff != 0
    transport = frame[offset + 9]
    source = IPAddress(v4: frame.bigEndian32(at: offset + 12))
    destination = IPAddress(v4: frame.bigEndian32(at: offset + 16))
    transportOffset = offset + headerBytes
    transportBytes = max(0, bytes - headerBytes)
  }
}
