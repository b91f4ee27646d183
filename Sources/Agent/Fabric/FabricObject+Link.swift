import Linux
import Model
import Moves

/// Devices of the fabric as the kernel describes them.
extension FabricObject.Bridge {
  init(network: UInt32, _ link: Linux.Link) {
    self.init(
      network: network, mac: link.mac ?? MACAddress(0), mtu: link.mtu, hasIPv6: !FabricDevice.isIPv6Off(link))
    isUp = link.isUp
    if case .bridge(let bridge) = link.kind {
      usesSTP = bridge.spanningTree
      snoopsMulticast = bridge.multicastSnooping
      isIntact = link.master == 0
    } else {
      isIntact = false
    }
  }
}

extension FabricObject.Tunnel {
  init(network: UInt32, _ link: Linux.Link, isPort: Bool) {
    var vxlan = Link.VXLAN(identifier: 0, local: nil, port: 0, learning: false)
    if case .vxlan(let found) = link.kind { vxlan = found }
    self.init(network: network, local: vxlan.local ?? IPAddress(v4: 0), port: vxlan.port, mtu: link.mtu)
    isUp = link.isUp
    self.isPort = isPort
    let port = link.port ?? BridgePort()
    hairpin = port.hairpin ?? false
    floodsGroups = port.floodsGroups
    learns = vxlan.learning || port.learning ?? true
    floodsUnknown = port.unicastFlood ?? true
    suppressesNeighbours = port.neighbourSuppression ?? false
    isIntact =
      vxlan.identifier == network && link.mac == FabricNames.deviceMAC(ofTunnel: network)
      && FabricDevice.isIPv6Off(link) && port.isUniform && port.locked != true && port.isolated != true
      && FabricDevice.isForwarding(link)
  }
}

extension FabricObject.Tap {
  init(mac: MACAddress, _ link: Linux.Link, network: UInt32) {
    self.init(mac: mac, network: network, isFenced: false, mtu: link.mtu, queueLength: link.queueLength)
    let port = link.port ?? BridgePort()
    isUp = link.isUp
    floodsGroups = port.floodsGroups
    learns = port.learning ?? true
    floodsUnknown = port.unicastFlood ?? true
    suppressesNeighbours = port.neighbourSuppression ?? false
    isLocked = port.locked ?? false
    isIntact =
      link.kind == .tun && link.mac == FabricNames.deviceMAC(ofTap: mac) && FabricDevice.isIPv6Off(link)
      && port.isUniform && port.hairpin != true && port.isolated != true && FabricDevice.isForwarding(link)
  }
}

extension BridgePort {
  /// Told as on where either is.
  fileprivate var floodsGroups: Bool { broadcastFlood ?? true || multicastFlood ?? true }

  /// Both are on or both off.
  fileprivate var isUniform: Bool { broadcastFlood == multicastFlood }
}

/// What all devices of the fabric have in common.
enum FabricDevice {
  /// Also where it can't be told, on a kernel without IPv6.
  static func isIPv6Off(_ link: Linux.Link) -> Bool {
    (try? Sysctl.isIPv6Disabled(link.name)) ?? true
  }

  /// Or would be: what isn't operational the kernel keeps disabled, and makes forwarding as soon as it is.
  static func isForwarding(_ link: Linux.Link) -> Bool {
    guard link.isOperational, let state = link.port?.state else { return true }
    return state == .forwarding
  }
}
