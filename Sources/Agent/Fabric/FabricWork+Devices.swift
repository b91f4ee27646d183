import Glibc
import Linux
import Model
import Moves
import SystemPackage

/// Devices: made where they are missing or of another kind, then set as far as they differ. They are up last, when
/// all else is as wanted, so that nothing passes meanwhile.
extension FabricWork {
  mutating func put(_ object: FabricObject) throws(NetlinkError) {
    defer { forget(object.deviceName) }
    switch object {
    case .bridge(let bridge): try put(bridge, object.deviceName)
    case .tunnel(let tunnel): try put(tunnel, object.deviceName)
    case .tap(let tap): try put(tap, object.deviceName)
    default: break
    }
  }

  mutating func remove(_ object: FabricObject) throws(NetlinkError) {
    let name = object.deviceName
    if let link = try client.link(name) { try delete(link) }
    forget(name)
  }

  private func delete(_ link: Linux.Link) throws(NetlinkError) {
    do throws(NetlinkError) {
      try client.perform(.deleteLink(link.index), "delete the device \(link.name)")
    } catch  where error.code == ENODEV {}
  }

  /// The device, unless `isFit` refuses it; such a one is deleted.
  private mutating func existing(_ name: String, _ isFit: (Linux.Link) -> Bool) throws(NetlinkError) -> Linux.Link? {
    guard let link = try client.link(name) else { return nil }
    if isFit(link) { return link }
    try delete(link)
    return nil
  }

  private func made(_ name: String) throws(NetlinkError) -> Linux.Link {
    guard let link = try client.link(name) else {
      throw NetlinkError(code: ENODEV, message: "it vanished", operation: "make the device \(name)")
    }
    return link
  }

  private mutating func put(_ bridge: FabricObject.Bridge, _ name: String) throws(NetlinkError) {
    let settings = Link.Bridge(spanningTree: bridge.usesSTP, multicastSnooping: bridge.snoopsMulticast)
    let known = try existing(name) { if case .bridge = $0.kind { $0.master == 0 } else { false } }
    if known == nil {
      try client.perform(.addBridge(name, mac: bridge.mac, mtu: bridge.mtu, settings), "make the bridge \(name)")
    }
    let link = try made(name)
    if link.kind != .bridge(settings) {
      try client.perform(.setBridge(link.index, settings), "set the bridge \(name)")
    }
    try setIPv6(name, isOn: bridge.hasIPv6)
    try set(link, mac: bridge.mac, mtu: bridge.mtu, up: bridge.isUp)
  }

  private mutating func put(_ tunnel: FabricObject.Tunnel, _ name: String) throws(NetlinkError) {
    let vxlan = Link.VXLAN(identifier: tunnel.network, local: tunnel.local, port: tunnel.port, learning: false)
    if try existing(name, { $0.kind == .vxlan(vxlan) }) == nil {
      try client.perform(.addVXLAN(name, mtu: tunnel.mtu, master: 0, vxlan), "make the VXLAN device \(name)")
    }
    try setIPv6(name, isOn: false)
    try setPort(
      name, of: tunnel.network, mac: FabricNames.deviceMAC(ofTunnel: tunnel.network), mtu: tunnel.mtu, up: tunnel.isUp,
      BridgePort(
        learning: tunnel.learns, unicastFlood: tunnel.floodsUnknown, multicastFlood: tunnel.floodsGroups,
        broadcastFlood: tunnel.floodsGroups, neighbourSuppression: tunnel.suppressesNeighbours,
        hairpin: tunnel.hairpin, locked: false, isolated: false))
  }

  private mutating func put(_ tap: FabricObject.Tap, _ name: String) throws(NetlinkError) {
    if try existing(name, { $0.kind == .tun }) == nil { try Tap.makePersistent(name) }
    try setIPv6(name, isOn: false)
    try setPort(
      name, of: tap.network, mac: FabricNames.deviceMAC(ofTap: tap.mac), mtu: tap.mtu, queueLength: tap.queueLength,
      up: tap.isUp,
      BridgePort(
        learning: tap.learns, unicastFlood: tap.floodsUnknown, multicastFlood: tap.floodsGroups,
        broadcastFlood: tap.floodsGroups, neighbourSuppression: tap.suppressesNeighbours, hairpin: false,
        locked: tap.isLocked, isolated: false))
  }

  /// Makes a device a port of the network's bridge. One that was none is down meanwhile: a new port floods and learns
  /// until it is told not to.
  private mutating func setPort(
    _ name: String, of network: UInt32, mac: MACAddress, mtu: UInt32, queueLength: UInt32? = nil, up: Bool,
    _ port: BridgePort
  ) throws(NetlinkError) {
    var link = try made(name)
    let master = FabricNames.bridge(network)
    guard let bridge = try self.link(master) else {
      throw NetlinkError(code: ENODEV, message: "there is no bridge \(master)", operation: "attach \(name)")
    }
    if link.master != bridge.index {
      try client.perform(.setLink(link.index, up: false, master: bridge.index), "attach \(name) to \(master)")
      link.isUp = false
    }
    var port = port
    // The kernel refuses to set the state of a port that isn't operational, and makes it forwarding as soon as it is.
    if link.isUp, link.isOperational, let state = link.port?.state, state != .forwarding { port.state = .forwarding }
    if link.port.map({ port.differs(from: $0) }) ?? true {
      try client.perform(.setPort(link.index, port), "set the port \(name)")
    }
    try set(link, mac: mac, mtu: mtu, queueLength: queueLength, up: up)
  }

  /// Sets what differs.
  private func set(
    _ link: Linux.Link, mac: MACAddress, mtu: UInt32, queueLength: UInt32? = nil, up: Bool
  ) throws(NetlinkError) {
    let isQueueRight = queueLength == nil || queueLength == link.queueLength
    if link.mac == mac, link.mtu == mtu, link.isUp == up, isQueueRight { return }
    try client.perform(
      .setLink(
        link.index, up: link.isUp == up ? nil : up, mac: link.mac == mac ? nil : mac,
        mtu: link.mtu == mtu ? nil : mtu, queueLength: isQueueRight ? nil : queueLength),
      "set the device \(link.name)")
  }

  private func setIPv6(_ name: String, isOn: Bool) throws(NetlinkError) {
    do throws(SysctlError) {
      try Sysctl.setIPv6(name, isOn: isOn)
    } catch {
      throw NetlinkError(
        code: error.code.rawValue, message: "\(error.path)", operation: "turn IPv6 \(isOn ? "on" : "off") on \(name)")
    }
  }
}

extension BridgePort {
  /// Whether anything that is said here is otherwise there.
  fileprivate func differs(from other: BridgePort) -> Bool {
    var merged = self
    merged.state = state ?? other.state
    return merged != other
  }
}
