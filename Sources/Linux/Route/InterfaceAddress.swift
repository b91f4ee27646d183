import CLinux
package import Model

/// An IP address of the host's own on a link.
package struct InterfaceAddress: Hashable, Sendable {
  package var link: UInt32
  package var address: IPAddress
  /// Length of the subnet's prefix, 0 ... 32 or 0 ... 128.
  package var length: UInt8

  package init(link: UInt32, address: IPAddress, length: UInt8) {
    self.link = link
    self.address = address
    self.length = length
  }

  /// From RTM_NEWADDR or RTM_DELADDR: `struct ifaddrmsg` (family, length, flags, scope, index; 8 bytes), attributes.
  /// The address of a link that has an other end is IFA_LOCAL, IFA_ADDRESS is that end's. Nil without an address.
  package init?(_ message: NetlinkMessage) throws(NetlinkDecodingError) {
    var attributes = try NetlinkAttributes(message.body, after: 8)
    var (local, address): (IPAddress?, IPAddress?) = (nil, nil)
    while let attribute = try attributes.next() {
      switch attribute.type {
      case Int(IFA_LOCAL): local = attribute.address
      case Int(IFA_ADDRESS): address = attribute.address
      default: break
      }
    }
    guard let found = local ?? address else { return nil }
    self.init(
      link: message.body.uint32(at: 4), address: found, length: message.body[message.body.startIndex + 1])
  }

  private static func header(family: UInt8, length: UInt8, flags: UInt8 = 0, link: UInt32) -> NetlinkBytes {
    var bytes = NetlinkBytes()
    bytes.append(family)
    bytes.append(length)
    bytes.append(flags)
    bytes.append(UInt8(0))
    bytes.append(link)
    return bytes
  }

  func request(_ type: Int, _ flags: UInt16) -> NetlinkRequest {
    // IPv6 is in use at once: other hosts may have the same address (anycast), and asking for it would find them.
    let own = address.family == .v6 ? UInt8(IFA_F_NODAD) : 0
    var bytes = Self.header(family: address.systemFamily, length: length, flags: own, link: link)
    bytes.attribute(Int(IFA_LOCAL), address)
    bytes.attribute(Int(IFA_ADDRESS), address)
    return NetlinkRequest(type, flags, bytes)
  }

  static func all(_ family: IPAddress.Family) -> NetlinkRequest {
    NetlinkRequest(Int(RTM_GETADDR), 0, header(family: family.systemFamily, length: 0, link: 0))
  }
}

extension NetlinkRequest {
  package static func new(_ address: InterfaceAddress, _ disposition: Disposition) -> NetlinkRequest {
    address.request(Int(RTM_NEWADDR), disposition.rawValue)
  }

  package static func delete(_ address: InterfaceAddress) -> NetlinkRequest {
    address.request(Int(RTM_DELADDR), 0)
  }

  /// For `dump`: the addresses of one family on all links.
  package static func addresses(_ family: IPAddress.Family) -> NetlinkRequest {
    InterfaceAddress.all(family)
  }
}
