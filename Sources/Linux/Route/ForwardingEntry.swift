import CLinux
import Glibc
package import Model

/// An entry of a forwarding database: behind which port of a bridge, or at which other end of a VXLAN, a MAC address
/// is.
package struct ForwardingEntry: Hashable, Sendable {
  package var mac: MACAddress
  /// Index of the port, of the VXLAN device, or of the bridge itself.
  package var link: UInt32
  package var table: Table
  package var state: State
  /// Which VLAN it is for; 0: frames without one, the only ones that a bridge without VLAN filtering asks about.
  package var vlan: UInt16 = 0

  package enum Table: Hashable, Sendable {
    /// Of the bridge that the link is a port of (`master`).
    case bridge
    /// Of the link itself (`self`); of a VXLAN with the other end's address. The MAC address 0 stands for all that
    /// have no entry, broadcast among them, and may have many destinations.
    case own(destination: IPAddress?)
  }

  package enum State: Hashable, Sendable {
    /// Of the link itself.
    case permanent
    /// Set, and neither aged nor moved by frames that come in elsewhere.
    case fixed
    /// Learnt.
    case dynamic
  }

  package init(mac: MACAddress, link: UInt32, table: Table, state: State) {
    self.mac = mac
    self.link = link
    self.table = table
    self.state = state
  }

  /// A fixed entry of the bridge for a machine behind the port `link`.
  package static func port(_ link: UInt32, mac: MACAddress) -> ForwardingEntry {
    ForwardingEntry(mac: mac, link: link, table: .bridge, state: .fixed)
  }

  /// An entry of the VXLAN device `link` for a machine at `destination`.
  package static func remote(_ link: UInt32, mac: MACAddress, destination: IPAddress) -> ForwardingEntry {
    ForwardingEntry(mac: mac, link: link, table: .own(destination: destination), state: .permanent)
  }
}

extension ForwardingEntry {
  /// From RTM_NEWNEIGH or RTM_DELNEIGH of family AF_BRIDGE; nil without a MAC address.
  package init?(_ message: NetlinkMessage) throws(NetlinkDecodingError) {
    let neighbour = try NeighbourMessage(message)
    guard let mac = neighbour.mac else { return nil }
    let isOwn = neighbour.flags & UInt8(NTF_SELF) != 0
    self.init(
      mac: mac, link: neighbour.link, table: isOwn ? .own(destination: neighbour.destination) : .bridge,
      state: neighbour.state & UInt16(NUD_PERMANENT) != 0
        ? .permanent : neighbour.state & UInt16(NUD_NOARP) != 0 ? .fixed : .dynamic)
    vlan = neighbour.vlan
  }

  private var message: NeighbourMessage {
    var message = NeighbourMessage(family: UInt8(AF_BRIDGE), link: link)
    message.state =
      switch state {
      case .permanent: UInt16(NUD_NOARP | NUD_PERMANENT)
      case .fixed: UInt16(NUD_NOARP | NUD_REACHABLE)
      case .dynamic: UInt16(NUD_REACHABLE)
      }
    message.mac = mac
    switch table {
    case .bridge: message.flags = UInt8(NTF_MASTER)
    case .own(let destination):
      message.flags = UInt8(NTF_SELF)
      message.destination = destination
    }
    return message
  }

  func request(_ type: Int, _ flags: UInt16) -> NetlinkRequest {
    var bytes = message.header
    bytes.attribute(Int(NDA_LLADDR), mac)
    if case .own(let destination?) = table { bytes.attribute(Int(NDA_DST), destination) }
    if vlan != 0 { bytes.attribute(Int(NDA_VLAN)) { $0.append(vlan) } }
    return NetlinkRequest(type, flags, bytes)
  }
}

extension NetlinkRequest {
  package static func new(_ entry: ForwardingEntry, _ disposition: Disposition) -> NetlinkRequest {
    entry.request(Int(RTM_NEWNEIGH), disposition.rawValue)
  }

  package static func delete(_ entry: ForwardingEntry) -> NetlinkRequest {
    entry.request(Int(RTM_DELNEIGH), 0)
  }

  /// For `dump`: the entries of all bridges and of all devices.
  package static var forwardingEntries: NetlinkRequest {
    NetlinkRequest(Int(RTM_GETNEIGH), 0, NeighbourMessage(family: UInt8(AF_BRIDGE), link: 0).header)
  }
}
