public import Model

/// Where one VM is, as of an epoch: the fabric's counterpart of an EVPN MAC/IP route with its mobility sequence number
/// (RFC 7432 §7.7).
public struct FabricEntry: Hashable, Sendable {
  /// One network card of the VM.
  public struct Interface: Hashable, Sendable {
    /// Name of the virtual network.
    public var network: String
    public var mac: MACAddress
    public var addresses: [IPAddress]

    public init(network: String, mac: MACAddress, addresses: [IPAddress]) {
      self.network = network
      self.mac = mac
      self.addresses = addresses
    }
  }

  public var vm: String
  public var interfaces: [Interface]
  /// The host that the VM's frames go to.
  public var host: String
  /// From 1; the highest known is in force. Raised only by the agent that has the VM, or that owns its move.
  public var epoch: UInt64

  public init(vm: String, interfaces: [Interface], host: String, epoch: UInt64 = 1) {
    self.vm = vm
    self.interfaces = interfaces
    self.host = host
    self.epoch = epoch
  }

  /// The next epoch of this VM, at the same or another host.
  ///
  /// The last epoch has no next: it stays, and the order of contents decides. `FabricMap.screen` keeps
  /// everything that is received far away from it.
  public func raised(to host: String? = nil, interfaces: [Interface]? = nil) -> FabricEntry {
    FabricEntry(
      vm: vm, interfaces: interfaces ?? self.interfaces, host: host ?? self.host,
      epoch: epoch == .max ? .max : epoch + 1)
  }
}

/// A total order of the entries of one VM, so that all agents come to the same one whatever the order of messages.
extension FabricEntry {
  /// True for the higher epoch. Of equal epochs with different contents (two claims after a loss of state) the host
  /// whose name sorts first wins, then the interfaces that do.
  public func supersedes(_ other: FabricEntry) -> Bool {
    if epoch != other.epoch { return epoch > other.epoch }
    if host != other.host { return host < other.host }
    return interfaces.lexicographicallyPrecedes(other.interfaces, by: Interface.precedes)
  }
}

extension FabricEntry.Interface {
  static func precedes(_ left: Self, _ right: Self) -> Bool {
    if left.network != right.network { return left.network < right.network }
    if left.mac != right.mac { return left.mac < right.mac }
    return left.addresses.lexicographicallyPrecedes(right.addresses)
  }
}
