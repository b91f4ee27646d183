import Model

/// How much of what all share is whose: owners by their shares (an application of nobody has one), and of which
/// resource each has the largest part (the dominant one: Ghodsi et al., "Dominant Resource Fairness", NSDI 2011).
struct FairShare {
  /// Parts of the federation; sum 1.
  let parts: [Party: Double]
  private let vcpus: Double
  private let memoryGiB: Double

  /// - Parameter parties: those who have applications.
  init(_ federation: Federation, parties: Set<Party>) {
    let shares = Dictionary(
      federation.owners.map { (Party.owner($0.name), $0.shares) }, uniquingKeysWith: { first, _ in first })
    let total = parties.reduce(0) { $0 + (shares[$1] ?? 1) }
    parts = Dictionary(uniqueKeysWithValues: parties.map { ($0, (shares[$0] ?? 1) / total) })
    let rooms = federation.sites.map(\.sharedRoom)
    vcpus = rooms.reduce(0) { $0 + $1.vcpus }
    memoryGiB = rooms.reduce(0) { $0 + $1.memoryGiB }
  }

  /// Part of the federation that is used of the resource of which most is.
  func dominantShare(_ use: SharedUse.Amount) -> Double {
    max(vcpus > 0 ? use.vcpus / vcpus : 0, memoryGiB > 0 ? use.memoryGiB / memoryGiB : 0)
  }

  /// The same by the party's part: 1 is as much as it has a right to; the least is served first.
  func served(_ party: Party, _ use: SharedUse.Amount) -> Double { dominantShare(use) / (parts[party] ?? 1) }
}

extension Site {
  /// What all applications may use of it together.
  var sharedRoom: Room {
    let rooms = hosts.filter { !$0.isDrained && !isDrained }.map(room)
    let memory = rooms.reduce(0) { $0 + $1.memoryGiB }
    return Room(
      vcpus: min(quota.vcpus ?? .infinity, rooms.reduce(0) { $0 + $1.vcpus }),
      memoryGiB: min(quota.memoryGiB ?? .infinity, memory))
  }
}
