public import Model

/// What the kernel of one host has, as read: devices with names of ours (`FabricNames`), wherever they are, with all
/// entries and neighbours on them, whoever made them.
public struct ActualFabric: Hashable, Sendable {
  public var objects: [FabricObject.Key: FabricObject]
  /// The devices' own addresses as they are: the kernel keeps entries for them.
  public var deviceAddresses: Set<MACAddress>

  public init(_ objects: some Sequence<FabricObject> = [], deviceAddresses: Set<MACAddress> = []) {
    self.objects = Dictionary(objects.map { ($0.key, $0) }) { _, last in last }
    self.deviceAddresses = deviceAddresses
  }

  /// Takes over what was done to the kernel, as if read again.
  public mutating func apply(_ change: FabricChange) {
    switch change {
    case .put(let object): objects[object.key] = object
    case .remove(let object):
      objects[object.key] = nil
      objects = objects.filter { !$0.value.isOn(object) }
    }
  }

  /// Entries that the kernel makes and needs: for groups, and for its devices' own addresses.
  func isKernelMade(_ object: FabricObject) -> Bool {
    switch object {
    case .bridgeEntry(let entry): entry.mac.isMulticast || !entry.isStatic && deviceAddresses.contains(entry.mac)
    case .tunnelEntry(let entry): entry.mac.isMulticast
    case .neighbour(let neighbour): !neighbour.isPermanent || neighbour.address.isGroup
    default: false
    }
  }
}

extension IPAddress {
  /// Multicast or broadcast: 224.0.0.0/4, 255.255.255.255, ff00::/8.
  fileprivate var isGroup: Bool {
    switch family {
    case .v4: low >> 28 == 0xe || low == 0xffff_ffff
    case .v6: high >> 56 == 0xff
    }
  }
}
