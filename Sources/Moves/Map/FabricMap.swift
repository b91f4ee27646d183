/// Where every VM is: what all agents have in common.
///
/// Merging is commutative, associative and idempotent (a join of the entries' total order), so maps may be exchanged
/// in any order, late or twice, and all end equal. Entries are never removed.
public struct FabricMap: Hashable, Sendable {
  /// By the name of the VM.
  public private(set) var entries: [String: FabricEntry] = [:]

  public init() {}

  /// Of several entries of one VM, the one that supersedes the others.
  public init(_ entries: some Sequence<FabricEntry>) {
    for entry in entries { merge(entry) }
  }

  public subscript(vm: String) -> FabricEntry? { entries[vm] }

  /// In the order of the VMs' names.
  public var sorted: [FabricEntry] { entries.values.sorted { $0.vm < $1.vm } }

  /// Takes the entry over where it supersedes what is known.
  /// - Returns: whether it did.
  @discardableResult
  public mutating func merge(_ entry: FabricEntry) -> Bool {
    if let known = entries[entry.vm], !entry.supersedes(known) { return false }
    entries[entry.vm] = entry
    return true
  }

  /// - Returns: the entries that were taken over, in the order of names.
  @discardableResult
  public mutating func merge(_ other: FabricMap) -> [FabricEntry] {
    other.sorted.filter { merge($0) }
  }

  /// The entries of this map that `other` lacks or has an older version of: what to send it, in the order of names.
  public func newer(than other: FabricMap) -> [FabricEntry] {
    sorted.filter { entry in other[entry.vm].map(entry.supersedes) ?? true }
  }
}
