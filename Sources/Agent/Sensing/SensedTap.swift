package import Model

/// A tap that a sensor is to watch.
package struct SensedTap: Hashable, Sendable {
  /// Name of the interface, in the network namespace of the process.
  package var interface: String
  package var vm: String
  /// Of the VM's network card; nil: that of the first frame that it sends.
  package var mac: MACAddress?
  /// Name of the virtual network that it is in.
  package var network: String

  package init(interface: String, vm: String, mac: MACAddress?, network: String) {
    self.interface = interface
    self.vm = vm
    self.mac = mac
    self.network = network
  }
}

/// A VM anywhere that taps of a virtual network may hear of, told by its Ethernet address.
package struct NamedMachine: Hashable, Sendable {
  package var vm: String
  package var mac: MACAddress
  package var network: String

  package init(vm: String, mac: MACAddress, network: String) {
    self.vm = vm
    self.mac = mac
    self.network = network
  }
}
