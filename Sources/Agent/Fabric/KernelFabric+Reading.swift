package import Linux
import Model
package import Moves

extension KernelFabric {
  /// What the kernel has under names of the fabric.
  package func actual() throws(NetlinkError) -> ActualFabric {
    var reader = FabricReader(links: try client.links())
    if !reader.isEmpty {
      for entry in try client.forwardingEntries() { reader.add(entry) }
      for family in [IPAddress.Family.v4, .v6] {
        for address in try client.addresses(family) { reader.add(address) }
        for neighbour in try client.neighbours(family) { reader.add(neighbour) }
      }
    }
    return ActualFabric(reader.objects, deviceAddresses: reader.deviceAddresses)
  }
}

/// Turns what the kernel tells into objects of the fabric.
private struct FabricReader {
  private(set) var objects: [FabricObject] = []
  private(set) var deviceAddresses: Set<MACAddress> = []
  private let links: [UInt32: Linux.Link]
  /// Virtual networks by their bridges' indices, and by their VXLAN devices'.
  private var bridges: [UInt32: UInt32] = [:]
  private var tunnels: [UInt32: UInt32] = [:]

  /// Nothing of ours is there, so nothing can be on it.
  var isEmpty: Bool { bridges.isEmpty && tunnels.isEmpty }

  init(links: [Linux.Link]) {
    self.links = Dictionary(links.map { ($0.index, $0) }) { first, _ in first }
    for link in links {
      if let network = FabricNames.network(ofBridge: link.name) { bridges[link.index] = network }
      if let network = FabricNames.network(ofTunnel: link.name) { tunnels[link.index] = network }
      if let mac = link.mac { deviceAddresses.insert(mac) }
    }
    for link in links {
      if let network = bridges[link.index] {
        objects.append(.bridge(.init(network: network, link)))
      } else if let network = tunnels[link.index] {
        objects.append(.tunnel(.init(network: network, link, isPort: bridges[link.master] == network)))
      } else if let mac = FabricNames.mac(ofTap: link.name) {
        objects.append(.tap(.init(mac: mac, link, network: bridges[link.master] ?? 0)))
      }
    }
  }

  mutating func add(_ entry: ForwardingEntry) {
    guard entry.vlan == 0, let link = links[entry.link] else { return }
    switch entry.table {
    case .own(let destination):
      guard let network = tunnels[entry.link], let destination else { return }
      objects.append(
        entry.mac == MACAddress(0)
          ? .floodEntry(.init(network: network, host: destination))
          : .tunnelEntry(.init(network: network, mac: entry.mac, host: destination)))
    case .bridge:
      guard let network = bridges[entry.link] ?? bridges[link.master] else { return }
      let port: FabricObject.BridgeEntry.Port =
        tunnels[entry.link] == network
        ? .tunnel : FabricNames.mac(ofTap: link.name) == entry.mac ? .tap : .other(link.name)
      objects.append(
        .bridgeEntry(.init(network: network, mac: entry.mac, port: port, isStatic: entry.state == .fixed)))
    }
  }

  mutating func add(_ address: InterfaceAddress) {
    guard let network = bridges[address.link] else { return }
    objects.append(
      .gateway(.init(network: network, address: address.address, prefixLength: Int(address.length))))
  }

  mutating func add(_ neighbour: Neighbour) {
    guard let network = bridges[neighbour.link], let mac = neighbour.mac else { return }
    objects.append(
      .neighbour(
        .init(network: network, address: neighbour.address, mac: mac, isPermanent: neighbour.isPermanent)))
  }
}
