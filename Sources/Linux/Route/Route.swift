import CLinux
package import Model

/// A unicast route of the main table.
package struct Route: Hashable, Sendable {
  /// Length 0: the default route.
  package var destination: IPSubnet
  /// Nil: the destinations are on the link itself.
  package var gateway: IPAddress?
  /// 0: the link by which the gateway is reached.
  package var link: UInt32

  package init(destination: IPSubnet, gateway: IPAddress? = nil, link: UInt32 = 0) {
    self.destination = destination
    self.gateway = gateway
    self.link = link
  }

  /// `struct rtmsg` (family, lengths of destination and source, type of service, table, protocol, scope, type, flags;
  /// 12 bytes), attributes.
  func request(_ type: Int, _ flags: UInt16) -> NetlinkRequest {
    var bytes = NetlinkBytes()
    bytes.append(destination.address.systemFamily)
    bytes.append(UInt8(truncatingIfNeeded: destination.length))
    bytes.append(UInt16(0))
    bytes.append(UInt8(RT_TABLE_MAIN.rawValue))
    bytes.append(UInt8(RTPROT_BOOT))
    bytes.append(UInt8(gateway == nil ? RT_SCOPE_LINK.rawValue : RT_SCOPE_UNIVERSE.rawValue))
    bytes.append(UInt8(RTN_UNICAST))
    bytes.append(UInt32(0))
    if destination.length > 0 { bytes.attribute(Int(RTA_DST.rawValue), destination.address) }
    if let gateway { bytes.attribute(Int(RTA_GATEWAY.rawValue), gateway) }
    if link != 0 { bytes.attribute(Int(RTA_OIF.rawValue), link) }
    return NetlinkRequest(type, flags, bytes)
  }
}

extension NetlinkRequest {
  package static func new(_ route: Route, _ disposition: Disposition) -> NetlinkRequest {
    route.request(Int(RTM_NEWROUTE), disposition.rawValue)
  }

  package static func delete(_ route: Route) -> NetlinkRequest {
    route.request(Int(RTM_DELROUTE), 0)
  }
}
