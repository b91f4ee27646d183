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

  /// Whom this rank has to do with in an iteration's questions: every second rank asks the next one, in the next
  /// iteration the others do. So nobody has two to wait for, and all of a ring are dealt with in turn. Where that
  /// doesn't come out even, and of two, all ask at once.
  public func asks(inIteration iteration: Int) -> (next: Bool, before: Bool) {
    guard addresses.count > 2, addresses.count.isMultiple(of: 2) else { return (true, true) }
    let isAsking = (rank + iteration).isMultiple(of: 2)
    return (isAsking, !isAsking)
  }

  /// The rank that connects to this one: the one before.
  public var accepts: Int? {
    guard addresses.count > 2 || (addresses.count == 2 && rank == 1) else { return nil }
    return (rank + addresses.count - 1) % addresses.count
  }
}
