public import Model

/// What the kernel of one host should have, as a value that follows from the map and from what goes on at the host.
public struct WantedFabric: Hashable, Sendable {
  public private(set) var objects: [FabricObject.Key: FabricObject] = [:]

  /// - Parameters:
  ///   - host: whose fabric.
  ///   - underlay: the underlay addresses of all hosts by name. A VM at a host without one is not reachable.
  ///   - networks: made at every host, with or without VMs. Interfaces in other networks are left out.
  public init(
    host: String, underlay: [String: IPAddress], networks: [VirtualNetwork], map: FabricMap,
    phases: LocalPhases = LocalPhases()
  ) {
    guard let local = underlay[host] else { return }
    let entries = map.sorted
    for network in networks {
      let members = entries.flatMap { entry in
        entry.interfaces.lazy.filter { $0.network == network.name }
          .map { Member(interface: $0, entry: entry, host: host, phase: phases.phases[entry.vm]) }
      }
      addDevices(of: network, local: local, members: members, departed: phases.departed)
      for member in members { add(member, number: network.number, underlay: underlay) }
    }
  }

  private mutating func addDevices(
    of network: VirtualNetwork, local: IPAddress, members: [Member], departed: Set<String>
  ) {
    let number = network.number
    let addresses =
      members.flatMap(\.interface.addresses) + [network.subnet.address, network.gateway].compactMap(\.self)
    add(
      .bridge(.init(network: number, mac: network.gatewayMAC, hasIPv6: addresses.contains { $0.family == .v6 })))
    let hairpin = members.contains { departed.contains($0.entry.vm) && !$0.isHere }
    add(.tunnel(.init(network: number, local: local, hairpin: hairpin)))
    if let gateway = network.gateway {
      add(.gateway(.init(network: number, address: gateway, prefixLength: network.subnet.length)))
    }
  }

  private mutating func add(_ member: Member, number: UInt32, underlay: [String: IPAddress]) {
    let mac = member.interface.mac
    // Of two VMs with one address, the first in the order of names has it.
    guard objects[.bridgeEntry(number, mac)] == nil, objects[.tap(mac)] == nil else { return }
    if member.hasTap { add(.tap(.init(mac: mac, network: number, isFenced: !member.isOpen))) }
    if member.isOpen {
      add(.bridgeEntry(.init(network: number, mac: mac, port: .tap)))
    } else if !member.isHere, let remote = underlay[member.entry.host] {
      add(.bridgeEntry(.init(network: number, mac: mac, port: .tunnel)))
      add(.tunnelEntry(.init(network: number, mac: mac, host: remote)))
      add(.floodEntry(.init(network: number, host: remote)))
    }
    for address in member.interface.addresses where objects[.neighbour(number, address)] == nil {
      add(.neighbour(.init(network: number, address: address, mac: mac)))
    }
  }

  private mutating func add(_ object: FabricObject) {
    objects[object.key] = object
  }

  /// An interface in the network at hand.
  private struct Member {
    var interface: FabricEntry.Interface
    var entry: FabricEntry
    var host: String
    var phase: LocalPhases.Phase?

    /// By the map.
    var isHere: Bool { entry.host == host }
    var isOpen: Bool { isHere && phase != .fenced }
    var hasTap: Bool { isHere || phase != nil }
  }
}
