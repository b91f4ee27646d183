internal import Model

/// Tells what a captured frame is, whatever its bytes.
///
/// Looks through Ethernet with any number of VLAN tags, Linux cooked capture, BSD loopback and raw IP. The pair is that
/// of the outermost IP header or, with ``decapsulate``, of the innermost that can be read. IP bytes are the header's
/// total length; where that is 0 (segmentation offload, BIG TCP) the frame's length less what precedes the header, for
/// IPv6 the jumbo option's length or, with no next header, 40.
public struct PacketDecoder: Sendable {
  /// Count by the innermost IP header: looks into IP in IP, 6in4, GRE, VXLAN, Geneve and GTP-U.
  public var decapsulate: Bool

  public init(decapsulate: Bool = false) {
    self.decapsulate = decapsulate
  }

  /// Decodes one frame.
  ///
  /// - Parameters:
  ///   - frame: the captured bytes, which a snap length may have cut.
  ///   - wireBytes: length of the frame as it was on the wire, without FCS.
  ///   - linkType: what the frame begins with.
  public func decode(_ frame: Span<UInt8>, wireBytes: UInt64, linkType: LinkType) -> DecodedFrame {
    decodeFrame(frame, wireBytes: wireBytes, linkType: linkType)
  }

  @inline(__always)
  func decodeFrame(_ frame: Span<UInt8>, wireBytes: UInt64, linkType: LinkType) -> DecodedFrame {
    let length = Int(clamping: wireBytes)
    guard let network = linkType == .ethernet ? NetworkLayer(ethernet: frame, at: 0) : NetworkLayer(frame, linkType)
    else { return .other }
    guard var header = network.header(in: frame, wireBytes: length) else { return .malformed }
    var isGroup = network.isGroup
    if decapsulate {
      while let inner = Tunnel.inside(header, of: frame), let next = inner.header(in: frame, wireBytes: length) {
        header = next
        isGroup = inner.isGroup
      }
    }
    return .ip(
      Packet(
        source: header.source, destination: header.destination, frameBytes: wireBytes,
        ipBytes: UInt64(truncatingIfNeeded: header.bytes),
        payload: isGroup || header.destination.isGroup ? .none : header.payload(in: frame)))
  }
}

extension IPAddress {
  /// Whether this is a multicast address (RFC 5771, RFC 4291 §2.7) or IPv4's limited broadcast.
  @inline(__always)
  fileprivate var isGroup: Bool {
    switch family {
    case .v4: low >> 28 == 0xe || low == 0xffff_ffff
    case .v6: high >> 56 == 0xff
    }
  }
}
