/// Placements that a search goes on from, as families: a few from scratch, then children of two of them each. A family
/// that gets no better for long leaves its best behind, and gives way to the next; each third one is made of these.
struct Families {
  private let most: Int
  private var family: Population
  private var champions: Population
  /// Children since the family's last that was its best.
  private var idle = 0
  private var count = 0
  private var best: Multilevel.Result?

  init(most: Int) {
    self.most = most
    family = Population(most: most)
    champions = Population(most: most)
  }

  /// Two to make the next placement from, the better one first; nil: it is to be made from scratch.
  func parents(_ random: inout SplitMix64) -> (Multilevel.Result, Multilevel.Result)? {
    family.isFull || isOfChampions ? family.pair(&random) : nil
  }

  private var isOfChampions: Bool { count % 3 == 2 }

  /// - Returns: whether it is the best of all so far.
  mutating func take(_ placement: Multilevel.Result) -> Bool {
    idle = family.best.map(placement.isBetter) ?? true ? 0 : idle + 1
    family.take(placement)
    if idle > 5 * most {
      if let best = family.best { champions.take(best) }
      count += 1
      idle = 0
      family = isOfChampions ? champions : Population(most: most)
    }
    guard best.map(placement.isBetter) ?? true else { return false }
    best = placement
    return true
  }
}
