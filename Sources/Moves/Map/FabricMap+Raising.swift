/// Raising an epoch is the right of one agent at a time: the VM's host, and for the time of a move the source's agent.
extension FabricMap {
  /// Raises the epoch of a VM that `owner` has, and sends its frames to `host` from then on (nil: where it is).
  /// - Returns: the new entry, which is in the map, too; announce it.
  /// - Throws: where the VM is unknown, or another host has it.
  @discardableResult
  public mutating func raise(
    _ vm: String, by owner: String, to host: String? = nil, interfaces: [FabricEntry.Interface]? = nil
  ) throws(FabricMapError) -> FabricEntry {
    guard let known = entries[vm] else { throw .unknown(vm: vm) }
    guard known.host == owner else { throw .notOwner(vm: vm, owner: known.host, claimant: owner) }
    return replace(known.raised(to: host, interfaces: interfaces))
  }

  /// What an agent does that finds a VM running at its host whose entry it has lost or that names another host: having
  /// learnt the peers' maps first, it claims with one more than the highest epoch known.
  ///
  /// Never while the VM is on a move: then the move's owner decides.
  /// - Parameter interfaces: what the hypervisor says; nil: as known.
  /// - Returns: the entry in force, unchanged where it says so already.
  @discardableResult
  public mutating func claim(
    _ vm: String, by host: String, interfaces: [FabricEntry.Interface]? = nil
  ) -> FabricEntry {
    guard let known = entries[vm] else {
      return replace(FabricEntry(vm: vm, interfaces: interfaces ?? [], host: host))
    }
    if known.host == host, interfaces == nil || interfaces == known.interfaces { return known }
    return replace(known.raised(to: host, interfaces: interfaces))
  }

  private mutating func replace(_ entry: FabricEntry) -> FabricEntry {
    merge(entry)
    return self[entry.vm] ?? entry
  }
}

public enum FabricMapError: Error, Hashable, Sendable {
  case unknown(vm: String)
  case notOwner(vm: String, owner: String, claimant: String)
}

extension FabricMapError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknown(let vm): "no host is known to have VM \"\(vm)\""
    case .notOwner(let vm, let owner, let claimant):
      "VM \"\(vm)\" is at host \"\(owner)\"; host \"\(claimant)\" can't change where its frames go"
    }
  }
}
