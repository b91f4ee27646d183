internal import FoundationEssentials
internal import Model
package import Moves

extension FabricEntry {
  /// - Throws: where an address or a name can't be one; such an entry is refused, not mended.
  package init(_ message: Transhumance_V1_FabricEntry) throws(WireError) {
    guard !message.vm.isEmpty, message.vm.utf8.count <= 255 else { throw WireError("an entry without a VM's name") }
    guard !message.host.isEmpty else { throw WireError("the entry of \(message.vm) names no host") }
    var interfaces: [Interface] = []
    for interface in message.interfaces {
      guard interface.mac < 1 << 48, !MACAddress(interface.mac).isMulticast else {
        throw WireError("the entry of \(message.vm) has an impossible MAC address")
      }
      var addresses: [IPAddress] = []
      for octets in interface.addresses {
        guard let address = IPAddress(octets: octets) else {
          throw WireError("the entry of \(message.vm) has an address of \(octets.count) octets")
        }
        addresses.append(address)
      }
      interfaces.append(
        Interface(network: interface.network, mac: MACAddress(interface.mac), addresses: addresses))
    }
    self.init(vm: message.vm, interfaces: interfaces, host: message.host, epoch: message.epoch)
  }

  package var message: Transhumance_V1_FabricEntry {
    var message = Transhumance_V1_FabricEntry()
    message.vm = vm
    message.host = host
    message.epoch = epoch
    message.interfaces = interfaces.map { interface in
      var message = Transhumance_V1_Interface()
      message.network = interface.network
      message.mac = interface.mac.number
      message.addresses = interface.addresses.map { Data($0.octets) }
      return message
    }
    return message
  }
}

extension Transhumance_V1_FabricMap {
  package init(_ entries: some Sequence<FabricEntry>) {
    self.init()
    self.entries = entries.map(\.message)
  }
}

/// A message of a peer that can't be meant.
package struct WireError: Error, CustomStringConvertible {
  package var description: String

  init(_ description: String) {
    self.description = description
  }
}
