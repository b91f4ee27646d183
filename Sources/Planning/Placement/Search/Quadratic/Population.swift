/// Placements that a search goes on from: few, good, and no two of the same cost.
struct Population {
  private(set) var members: [Multilevel.Result] = []
  let most: Int

  init(most: Int) { self.most = most }

  var isFull: Bool { members.count >= most }

  /// The best of all; nil: none yet.
  var best: Multilevel.Result? { members.first }

  /// Takes a placement in, if it is better than one of a full population.
  mutating func take(_ placement: Multilevel.Result) {
    guard !members.contains(where: { placement.isSame(as: $0) }) else { return }
    let place = members.firstIndex { placement.isBetter(than: $0) } ?? members.count
    guard place < most else { return }
    members.insert(placement, at: place)
    if members.count > most { members.removeLast() }
  }

  /// Two different members, the better one first; nil where there is one only.
  func pair(_ random: inout SplitMix64) -> (Multilevel.Result, Multilevel.Result)? {
    guard members.count > 1 else { return nil }
    let first = random.next(below: members.count)
    let second = (first + 1 + random.next(below: members.count - 1)) % members.count
    return (members[min(first, second)], members[max(first, second)])
  }
}

extension Multilevel.Result {
  /// Whether nothing but rounding tells the figures apart.
  func isSame(as other: Self) -> Bool {
    overload == other.overload && abs(cost - other.cost) <= 1e-12 * max(abs(cost), abs(other.cost))
  }
}
