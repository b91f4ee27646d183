internal import Libvirt
package import Model
package import Moves

/// A VM that is to be started: what it needs, where its interfaces are, and its domain's description with them.
package struct StartPlan: Hashable, Sendable {
  package var vm: String
  package var vcpus: Int
  /// Bytes.
  package var memory: UInt64
  package var interfaces: [FabricEntry.Interface]
  /// libvirt's.
  package var definition: String

  /// Why it can't be.
  package struct Problem: Error, Hashable, CustomStringConvertible {
    package var description: String
    init(_ description: String) { self.description = description }
  }

  /// Reads a template, and puts each of its interfaces on the tap of a virtual network: the first one in the network of
  /// the first address, and so on.
  ///
  /// - Parameters:
  ///   - addresses: of the VM; each in the subnet of one of `networks`.
  ///   - others: where the other VMs are; none of them has the same addresses.
  package init(
    vm: String, template: String, addresses: [IPAddress], networks: [VirtualNetwork], others: [FabricEntry]
  ) throws(Problem) {
    self.vm = vm
    var domain: XMLElement
    do {
      domain = try XMLElement(parsing: template)
    } catch {
      throw Problem("the template of \(vm) can't be read: \(error)")
    }
    guard domain.name == "domain" else { throw Problem("the template of \(vm) is no <domain>") }
    let name = domain.first("name")?.text ?? ""
    guard name == vm else { throw Problem("the template of \(vm) names \"\(name)\"") }
    guard let vcpus = domain.first("vcpu").flatMap({ Int($0.text) }), vcpus > 0 else {
      throw Problem("the template of \(vm) says no number of vCPUs")
    }
    self.vcpus = vcpus
    guard let memory = domain.first("memory").flatMap({ Self.bytes($0) }), memory > 0 else {
      throw Problem("the template of \(vm) says no memory that can be understood")
    }
    self.memory = memory
    let groups = try Self.groups(addresses, of: vm, networks: networks)
    guard let devices = domain.children.firstIndex(where: { $0.name == "devices" }) else {
      throw Problem("the template of \(vm) has no devices")
    }
    let places = domain.children[devices].children.indices
      .filter { domain.children[devices].children[$0].name == "interface" }
    guard places.count == groups.count else {
      throw Problem(
        "the template of \(vm) has \(places.count) interfaces, its addresses are in \(groups.count) virtual networks")
    }
    interfaces = []
    for (place, group) in zip(places, groups) {
      let element = domain.children[devices].children[place]
      let mac = try Self.mac(of: element, vm: vm, network: group.network, others: others, own: interfaces)
      let interface = FabricEntry.Interface(network: group.network, mac: mac, addresses: group.addresses)
      if let holder = interface.holder(among: others, besides: vm) {
        throw Problem("an address of \(vm) in the network \"\(group.network)\" is that of \(holder)")
      }
      interfaces.append(interface)
      domain.children[devices].children[place] = element.onTap(of: mac)
    }
    definition = domain.document
  }

  /// Addresses by network, in the order in which networks come first.
  private static func groups(
    _ addresses: [IPAddress], of vm: String, networks: [VirtualNetwork]
  ) throws(Problem) -> [(network: String, addresses: [IPAddress])] {
    var groups: [(network: String, addresses: [IPAddress])] = []
    for address in addresses {
      guard let network = networks.first(where: { $0.subnet.contains(address) }) else {
        throw Problem("\(address) of \(vm) is in no virtual network's subnet")
      }
      guard network.gateway != address else { throw Problem("\(address) of \(vm) is its network's gateway") }
      if let index = groups.firstIndex(where: { $0.network == network.name }) {
        groups[index].addresses.append(address)
      } else {
        groups.append((network.name, [address]))
      }
    }
    guard !groups.isEmpty else { throw Problem("\(vm) has no address, which would say its virtual network") }
    return groups
  }

  /// The template's, or one that follows from the VM's name and number of its interface.
  private static func mac(
    of element: XMLElement, vm: String, network: String, others: [FabricEntry], own: [FabricEntry.Interface]
  ) throws(Problem) -> MACAddress {
    if let text = element.first("mac")?.attributes["address"] {
      guard let mac = MACAddress(text), !mac.isMulticast else { throw Problem("\(text) of \(vm) is no MAC address") }
      return mac
    }
    let taken = Set((others.filter { $0.vm != vm }.flatMap(\.interfaces) + own).map(\.mac))
    // FNV-1a (draft-eastlake-fnv), its lower 24 bits after QEMU's prefix.
    let hash = "\(vm)\u{0}\(own.count)".utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { hash, octet in
      (hash ^ UInt64(octet)) &* 0x100_0000_01b3
    }
    for step in 0..<UInt64(1 << 24) {
      let mac = MACAddress(0x5254_0000_0000 | (hash &+ step) & 0xff_ffff)
      if !taken.contains(mac) { return mac }
    }
    throw Problem("no MAC address is free for \(vm)")
  }

  /// libvirt's `<memory unit=…>`; KiB unless said otherwise
  /// (https://libvirt.org/formatdomain.html#memory-allocation).
  private static func bytes(_ element: XMLElement) -> UInt64? {
    let units: [String: UInt64] = [
      "b": 1, "bytes": 1, "KB": 1000, "k": 1024, "KiB": 1024, "MB": 1_000_000, "M": 1 << 20, "MiB": 1 << 20,
      "GB": 1_000_000_000, "G": 1 << 30, "GiB": 1 << 30, "TB": 1_000_000_000_000, "T": 1 << 40, "TiB": 1 << 40,
    ]
    guard let unit = units[element.attributes["unit"] ?? "KiB"], let number = UInt64(element.text) else { return nil }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: unit)
    return overflow ? nil : bytes
  }
}

extension FabricEntry.Interface {
  /// Another VM that has one of these addresses in the same network.
  fileprivate func holder(among others: [FabricEntry], besides vm: String) -> String? {
    others.first { other in
      other.vm != vm
        && other.interfaces.contains {
          $0.mac == mac || $0.network == network && !Set($0.addresses).isDisjoint(with: addresses)
        }
    }?.vm
  }
}

extension XMLElement {
  /// The interface on a tap that the fabric makes; what belongs to another kind of connection goes, what the guest sees
  /// stays.
  fileprivate func onTap(of mac: MACAddress) -> XMLElement {
    var element = XMLElement(name: "interface")
    element.attributes["type"] = "ethernet"
    func child(_ name: String, _ attributes: [String: String]) -> XMLElement {
      var child = XMLElement(name: name)
      child.attributes = attributes
      return child
    }
    element.children = [
      child("mac", ["address": mac.description]),
      child("target", ["dev": FabricNames.tap(mac), "managed": "no"]),
      child("mtu", ["size": "\(FabricNames.mtu)"]),
    ]
    let kept: Set = ["model", "driver", "address", "boot", "rom", "alias", "acpi", "tune", "link", "bandwidth"]
    element.children += children.filter { kept.contains($0.name) }
    if element.first("model") == nil { element.children.append(child("model", ["type": "virtio"])) }
    return element
  }
}
