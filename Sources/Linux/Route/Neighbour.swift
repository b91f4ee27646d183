import CLinux
import Glibc
package import Model

/// An entry of the tables of ARP and ND: which MAC address an IP address has on a link.
package struct Neighbour: Hashable, Sendable {
  package var link: UInt32
  package var address: IPAddress
  /// Nil while unknown.
  package var mac: MACAddress?
  /// Set, and never forgotten or asked for again.
  package var isPermanent: Bool

  package init(link: UInt32, address: IPAddress, mac: MACAddress?, isPermanent: Bool = true) {
    self.link = link
    self.address = address
    self.mac = mac
    self.isPermanent = isPermanent
  }

  /// From RTM_NEWNEIGH or RTM_DELNEIGH; nil without an address.
  package init?(_ message: NetlinkMessage) throws(NetlinkDecodingError) {
    let neighbour = try NeighbourMessage(message)
    guard let address = neighbour.destination else { return nil }
    self.init(
      link: neighbour.link, address: address, mac: neighbour.mac,
      isPermanent: neighbour.state & UInt16(NUD_PERMANENT) != 0)
  }

  func request(_ type: Int, _ flags: UInt16) -> NetlinkRequest {
    var message = NeighbourMessage(family: address.systemFamily, link: link)
    message.state = UInt16(isPermanent ? NUD_PERMANENT : NUD_REACHABLE)
    var bytes = message.header
    bytes.attribute(Int(NDA_DST), address)
    if let mac { bytes.attribute(Int(NDA_LLADDR), mac) }
    return NetlinkRequest(type, flags, bytes)
  }
}

extension NetlinkRequest {
  package static func new(_ neighbour: Neighbour, _ disposition: Disposition) -> NetlinkRequest {
    neighbour.request(Int(RTM_NEWNEIGH), disposition.rawValue)
  }

  package static func delete(_ neighbour: Neighbour) -> NetlinkRequest {
    neighbour.request(Int(RTM_DELNEIGH), 0)
  }

  /// For `dump`: the neighbours of one family on all links.
  package static func neighbours(_ family: IPAddress.Family) -> NetlinkRequest {
    NetlinkRequest(Int(RTM_GETNEIGH), 0, NeighbourMessage(family: family.systemFamily, link: 0).header)
  }
}

extension IPAddress {
  var systemFamily: UInt8 { family.systemFamily }
}

extension IPAddress.Family {
  /// AF_INET or AF_INET6.
  var systemFamily: UInt8 { UInt8(self == .v4 ? AF_INET : AF_INET6) }
}
