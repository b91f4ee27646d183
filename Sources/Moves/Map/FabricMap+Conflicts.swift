public import Model

/// An address that two VMs of one network have.
public struct AddressConflict: Hashable, Sendable {
  public enum Address: Hashable, Sendable {
    case mac(MACAddress)
    case ip(IPAddress)
  }

  /// Name of the virtual network.
  public var network: String
  public var address: Address
  /// The VM that has it in the fabric: the one whose name sorts first, at every host.
  public var holder: String
  public var other: String

  public init(network: String, address: Address, holder: String, other: String) {
    self.network = network
    self.address = address
    self.holder = holder
    self.other = other
  }
}

extension FabricMap {
  /// In the order of VMs' names; to be reported, since the other VM is not reached by that address.
  public var conflicts: [AddressConflict] {
    var holders: [Claim: String] = [:]
    var conflicts: [AddressConflict] = []
    for entry in sorted {
      for interface in entry.interfaces {
        for address in [.mac(interface.mac)] + interface.addresses.map(AddressConflict.Address.ip) {
          let claim = Claim(network: interface.network, address: address)
          if let holder = holders[claim] {
            guard holder != entry.vm else { continue }
            conflicts.append(
              AddressConflict(network: claim.network, address: address, holder: holder, other: entry.vm))
          } else {
            holders[claim] = entry.vm
          }
        }
      }
    }
    return conflicts
  }

  private struct Claim: Hashable {
    var network: String
    var address: AddressConflict.Address
  }
}
