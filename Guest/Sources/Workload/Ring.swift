/// The ranks of a group in a ring, and who opens the connection between two of them.
public struct Ring: Sendable {
  /// In the order of ranks.
  public let addresses: [String]
  public let rank: Int

  public init?(addresses: [String], rank: Int) {
    guard addresses.indices.contains(rank) else { return nil }
    self.addresses = addresses
    self.rank = rank
  }

  /// The rank that this one connects to: the next; nil where it is alone, or the second of two.
  public var connects: Int? {
    guard addresses.count > 2 || (addresses.count == 2 && rank == 0) else { return nil }
    return (rank + 1) % addresses.count
  }

  /// The rank that connects to this one: the one before.
  public var accepts: Int? {
    guard addresses.count > 2 || (addresses.count == 2 && rank == 1) else { return nil }
    return (rank + addresses.count - 1) % addresses.count
  }
}
