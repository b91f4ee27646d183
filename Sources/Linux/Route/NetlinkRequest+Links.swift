import CLinux
import Glibc
package import Model

extension NetlinkRequest {
  /// `struct ifinfomsg`: family, padding, type of device, index, flags, which of them change.
  private static func header(family: Int32 = AF_UNSPEC, index: UInt32 = 0, up: Bool? = nil) -> NetlinkBytes {
    var bytes = NetlinkBytes()
    bytes.append(UInt8(truncatingIfNeeded: family))
    bytes.append(UInt8(0))
    bytes.append(UInt16(0))
    bytes.append(index)
    bytes.append(UInt32(up == true ? 1 : 0))
    bytes.append(UInt32(up == nil ? 0 : 1))
    return bytes
  }

  /// A bridge that is still down. Refused where the name is taken.
  package static func addBridge(
    _ name: String, mac: MACAddress, mtu: UInt32, _ bridge: Link.Bridge
  ) -> NetlinkRequest {
    var bytes = header()
    bytes.attribute(Int(IFLA_ADDRESS), mac)
    bytes.attribute(Int(IFLA_MTU), mtu)
    bytes.attribute(Int(IFLA_IFNAME), terminated: name)
    bytes.attribute(Int(IFLA_LINKINFO)) {
      $0.attribute(Int(IFLA_INFO_KIND), text: "bridge")
      $0.attribute(Int(IFLA_INFO_DATA)) {
        $0.attribute(Int(IFLA_BR_STP_STATE), UInt32(bridge.spanningTree ? 1 : 0))
        $0.attribute(Int(IFLA_BR_MCAST_SNOOPING), flag: bridge.multicastSnooping)
      }
    }
    return NetlinkRequest(Int(RTM_NEWLINK), Disposition.add.rawValue, bytes)
  }

  /// Makes a bridge that is there be like this.
  package static func setBridge(_ index: UInt32, _ bridge: Link.Bridge) -> NetlinkRequest {
    var bytes = header(index: index)
    bytes.attribute(Int(IFLA_LINKINFO)) {
      $0.attribute(Int(IFLA_INFO_KIND), text: "bridge")
      $0.attribute(Int(IFLA_INFO_DATA)) {
        $0.attribute(Int(IFLA_BR_STP_STATE), UInt32(bridge.spanningTree ? 1 : 0))
        $0.attribute(Int(IFLA_BR_MCAST_SNOOPING), flag: bridge.multicastSnooping)
      }
    }
    return NetlinkRequest(Int(RTM_NEWLINK), 0, bytes)
  }

  /// A VXLAN device that is still down, as port of the bridge `master` unless that is 0. Refused where the name is
  /// taken.
  package static func addVXLAN(_ name: String, mtu: UInt32, master: UInt32, _ vxlan: Link.VXLAN) -> NetlinkRequest {
    var bytes = header()
    bytes.attribute(Int(IFLA_MTU), mtu)
    if master != 0 { bytes.attribute(Int(IFLA_MASTER), master) }
    bytes.attribute(Int(IFLA_IFNAME), terminated: name)
    bytes.attribute(Int(IFLA_LINKINFO)) {
      $0.attribute(Int(IFLA_INFO_KIND), text: "vxlan")
      $0.attribute(Int(IFLA_INFO_DATA)) {
        $0.attribute(Int(IFLA_VXLAN_ID), vxlan.identifier)
        if let local = vxlan.local {
          $0.attribute(Int(local.family == .v4 ? IFLA_VXLAN_LOCAL : IFLA_VXLAN_LOCAL6), local)
        }
        $0.attribute(Int(IFLA_VXLAN_LEARNING), flag: vxlan.learning)
        $0.attribute(Int(IFLA_VXLAN_PORT)) { $0.append(vxlan.port.bigEndian) }
      }
    }
    return NetlinkRequest(Int(RTM_NEWLINK), Disposition.add.rawValue, bytes)
  }

  /// Changes what is said and leaves the rest. `master` 0: port of no bridge.
  package static func setLink(
    _ index: UInt32, up: Bool? = nil, mac: MACAddress? = nil, mtu: UInt32? = nil, queueLength: UInt32? = nil,
    master: UInt32? = nil
  ) -> NetlinkRequest {
    var bytes = header(index: index, up: up)
    if let mac { bytes.attribute(Int(IFLA_ADDRESS), mac) }
    if let mtu { bytes.attribute(Int(IFLA_MTU), mtu) }
    if let queueLength { bytes.attribute(Int(IFLA_TXQLEN), queueLength) }
    if let master { bytes.attribute(Int(IFLA_MASTER), master) }
    return NetlinkRequest(Int(RTM_NEWLINK), 0, bytes)
  }

  /// Changes settings of a port of a bridge.
  package static func setPort(_ index: UInt32, _ port: BridgePort) -> NetlinkRequest {
    var bytes = header(family: AF_BRIDGE, index: index)
    bytes.attribute(Int(IFLA_PROTINFO) | Int(NLA_F_NESTED)) { port.encode(into: &$0) }
    return NetlinkRequest(Int(RTM_SETLINK), 0, bytes)
  }

  package static func deleteLink(_ index: UInt32) -> NetlinkRequest {
    NetlinkRequest(Int(RTM_DELLINK), 0, header(index: index))
  }

  /// For `dump`: all links, without their counters.
  package static var links: NetlinkRequest {
    var bytes = header()
    bytes.attribute(Int(IFLA_EXT_MASK), UInt32(RTEXT_FILTER_SKIP_STATS))
    return NetlinkRequest(Int(RTM_GETLINK), 0, bytes)
  }

  /// For `get`.
  package static func link(_ name: String) -> NetlinkRequest {
    var bytes = header()
    bytes.attribute(Int(IFLA_EXT_MASK), UInt32(RTEXT_FILTER_SKIP_STATS))
    bytes.attribute(Int(IFLA_IFNAME), terminated: name)
    return NetlinkRequest(Int(RTM_GETLINK), 0, bytes)
  }
}
