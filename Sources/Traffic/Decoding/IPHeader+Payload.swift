extension IPHeader {
  /// What the packet carries. A TCP header that the snap length cut, or whose data offset is wrong, counts as not TCP.
  @inline(__always)
  func payload(in frame: Span<UInt8>) -> Payload {
    if isLaterFragment { return .none }
    // Up to the flags, the last field needed: a snap length may cut the rest.
    guard transport == 6, frame.count - transportOffset >= 14 else { return .datagram }
    let headerBytes = Int(frame[transportOffset + 12] >> 4) * 4
    guard headerBytes >= 20 else { return .datagram }
    let flags = frame[transportOffset + 13]
    return .tcp(
      Segment(
        sourcePort: frame.bigEndian16(at: transportOffset), destinationPort: frame.bigEndian16(at: transportOffset + 2),
        sequence: frame.bigEndian32(at: transportOffset + 4),
        bytes: UInt32(truncatingIfNeeded: max(0, transportBytes - headerBytes)),
        isSyn: flags & 0x02 != 0, isPush: flags & 0x08 != 0))
  }
}
