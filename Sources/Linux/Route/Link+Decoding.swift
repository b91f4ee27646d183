import CLinux
import Model

extension Link {
  /// From RTM_NEWLINK or RTM_DELLINK: `struct ifinfomsg` (family, padding, type of device, index, flags, change; 16
  /// bytes), attributes.
  package init(_ message: NetlinkMessage) throws(NetlinkDecodingError) {
    var attributes = try NetlinkAttributes(message.body, after: 16)
    self.init(
      index: message.body.uint32(at: 4), name: "", mac: nil, mtu: 0, queueLength: 0,
      isUp: message.body.uint32(at: 8) & 1 != 0, isOperational: false, master: 0, kind: .other(""), port: nil)
    while let attribute = try attributes.next() {
      switch attribute.type {
      case Int(IFLA_IFNAME): name = attribute.text
      case Int(IFLA_ADDRESS): mac = attribute.mac
      case Int(IFLA_MTU): mtu = attribute.uint32 ?? 0
      case Int(IFLA_TXQLEN): queueLength = attribute.uint32 ?? 0
      case Int(IFLA_MASTER): master = attribute.uint32 ?? 0
      // IF_OPER_UP, or IF_OPER_UNKNOWN of devices that don't tell and are up.
      case Int(IFLA_OPERSTATE): isOperational = attribute.uint8 == 6 || attribute.uint8 == 0 && isUp
      case Int(IFLA_LINKINFO): try decodeInformation(attribute.payload)
      default: break
      }
    }
  }

  private mutating func decodeInformation(_ bytes: ArraySlice<UInt8>) throws(NetlinkDecodingError) {
    var attributes = try NetlinkAttributes(bytes)
    var (name, masterName) = ("", "")
    var data: ArraySlice<UInt8> = []
    var portData: ArraySlice<UInt8> = []
    while let attribute = try attributes.next() {
      switch attribute.type {
      case Int(IFLA_INFO_KIND): name = attribute.text
      case Int(IFLA_INFO_DATA): data = attribute.payload
      case Int(IFLA_INFO_SLAVE_KIND): masterName = attribute.text
      case Int(IFLA_INFO_SLAVE_DATA): portData = attribute.payload
      default: break
      }
    }
    kind =
      switch name {
      case "bridge": .bridge(try Bridge(decoding: data))
      case "vxlan": .vxlan(try VXLAN(decoding: data))
      case "tun": .tun
      default: .other(name)
      }
    if masterName == "bridge" { port = try BridgePort(decoding: portData) }
  }
}

extension Link.Bridge {
  fileprivate init(decoding bytes: ArraySlice<UInt8>) throws(NetlinkDecodingError) {
    self.init(spanningTree: false, multicastSnooping: false)
    var attributes = try NetlinkAttributes(bytes)
    while let attribute = try attributes.next() {
      switch attribute.type {
      case Int(IFLA_BR_STP_STATE): spanningTree = attribute.uint32 != 0
      case Int(IFLA_BR_MCAST_SNOOPING): multicastSnooping = attribute.flag ?? false
      default: break
      }
    }
  }
}

extension Link.VXLAN {
  fileprivate init(decoding bytes: ArraySlice<UInt8>) throws(NetlinkDecodingError) {
    self.init(identifier: 0, local: nil, port: 0, learning: false)
    var attributes = try NetlinkAttributes(bytes)
    while let attribute = try attributes.next() {
      switch attribute.type {
      case Int(IFLA_VXLAN_ID): identifier = attribute.uint32 ?? 0
      case Int(IFLA_VXLAN_LOCAL), Int(IFLA_VXLAN_LOCAL6): local = attribute.address
      // The one number in the order of the wire.
      case Int(IFLA_VXLAN_PORT): port = UInt16(bigEndian: attribute.uint16 ?? 0)
      case Int(IFLA_VXLAN_LEARNING): learning = attribute.flag ?? false
      default: break
      }
    }
  }
}
