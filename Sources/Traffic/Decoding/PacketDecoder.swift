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
  @inline(__always)
  public func decode(_ frame: Span<UInt8>, wireBytes: Int, linkType: LinkType) -> DecodedFrame {
    guard let network = linkType == .ethernet ? NetworkLayer(ethernet: frame, at: 0) : NetworkLayer(frame, linkType)
    else { return .other }
    if decapsulate { return decodeInnermost(frame, network, wireBytes: wireBytes) }
    guard let header = network.header(in: frame, wireBytes: wireBytes) else { return .malformed }
    return .ip(packet(header, network, of: frame, wireBytes: wireBytes))
  }

  @inline(never)
  private func decodeInnermost(_ frame: Span<UInt8>, _ outermost: NetworkLayer, wireBytes: Int) -> DecodedFrame {
    var network = outermost
    guard var header = network.header(in: frame, wireBytes: wireBytes) else { return .malformed }
    while let inner = Tunnel.inside(header, of: frame), let next = inner.header(in: frame, wireBytes: wireBytes) {
      (header, network) = (next, inner)
    }
    return .ip(packet(header, network, of: frame, wireBytes: wireBytes))
  }

  @inline(__always)
  private func packet(
    _ header: IPHeader, _ network: NetworkLayer, of frame: Span<UInt8>, wireBytes: Int
  ) -> Packet {
    Packet(
      source: header.source, destination: header.destination, frameBytes: UInt64(max(0, wireBytes)),
      ipBytes: UInt64(header.bytes),
      payload: network.isGroup || header.destination.isGroup ? Payload() : header.payload(in: frame))
  }
}

extension IPAddress {
  /// Whether this is a multicast address (RFC 5771, RFC 4291 §2.7) or IPv4's limited broadcast.
  @inline(__always)
  var isGroup: Bool {
    switch family {
    case .v4: low >> 28 == 0xe || low == 0xffff_ffff
    case .v6: high >> 56 == 0xff
    }
  }
}
