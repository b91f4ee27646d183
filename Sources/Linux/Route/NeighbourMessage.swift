import CLinux
import Model

/// What neighbours (ARP, ND) and forwarding entries have in common on the wire: `struct ndmsg` (family, 3 bytes of
/// padding, index, state, flags, type; 12 bytes), attributes.
struct NeighbourMessage {
  var family: UInt8
  var link: UInt32
  /// `NUD_…`.
  var state: UInt16 = 0
  /// `NTF_…`.
  var flags: UInt8 = 0
  var mac: MACAddress?
  var destination: IPAddress?
  /// 0: none.
  var vlan: UInt16 = 0

  init(family: UInt8, link: UInt32) {
    self.family = family
    self.link = link
  }

  init(_ message: NetlinkMessage) throws(NetlinkDecodingError) {
    let body = message.body
    var attributes = try NetlinkAttributes(body, after: 12)
    self.init(family: body[body.startIndex], link: body.uint32(at: 4))
    state = body.uint16(at: 8)
    flags = body[body.startIndex + 10]
    while let attribute = try attributes.next() {
      switch attribute.type {
      case Int(NDA_LLADDR): mac = attribute.mac
      case Int(NDA_DST): destination = attribute.address
      case Int(NDA_VLAN): vlan = attribute.uint16 ?? 0
      default: break
      }
    }
  }

  var header: NetlinkBytes {
    var bytes = NetlinkBytes()
    bytes.append(family)
    bytes.append(UInt8(0))
    bytes.append(UInt16(0))
    bytes.append(link)
    bytes.append(state)
    bytes.append(flags)
    bytes.append(UInt8(0))
    return bytes
  }
}
