extension IPHeader {
  /// What the packet carries. A TCP header that the snap length cut, or whose data offset is wrong, counts as not TCP.
  @inline(__always)
  func payload(in frame: Span<UInt8>) -> Payload {
    if isLaterFragment { return Payload() }
    // Up to the flags, the last field needed: a snap length may cut the rest.
    guard transport == 6, frame.count - transportOffset >= 14 else { return datagram }
    let header = frame.extracting(transportOffset...)
    let headerBytes = Int(header[12] >> 4) * 4
    guard headerBytes >= 20 else { return datagram }
    var payload = Payload(.segment, bytes: UInt32(clamping: transportBytes - headerBytes))
    payload.sourcePort = header.bigEndian16(at: 0)
    payload.destinationPort = header.bigEndian16(at: 2)
    payload.sequence = header.bigEndian32(at: 4)
    payload.isSyn = header[13] & 0x02 != 0
    payload.isPush = header[13] & 0x08 != 0
    return payload
  }

  private var datagram: Payload { Payload(.datagram, bytes: UInt32(clamping: transportBytes)) }
}
