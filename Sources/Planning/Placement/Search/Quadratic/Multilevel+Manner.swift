extension Multilevel {
  /// How a cycle goes.
  struct Manner: Hashable, Sendable {
    /// The way down ends with so many items.
    var fewestItems: Int
    var itemsPerPlace: Int
    /// How large an item may grow, in means of those at the end of the way down.
    var largestShare: Double
    /// So many of the largest items fit at the smallest place.
    var leastPerPlace: Double
    /// Whether they needn't, as long as they do at the largest place.
    var fillsLargest = false
    /// By which items are joined: by the first until it leads no further, then by the next, as long as there are more
    /// than enough.
    var rules = [Coarsening.Rule.best, .anyone]
    var enoughPerPlace = 0
    /// Whether coarse items get a little more room than there is.
    var slackens: Bool
    /// Steps of annealing per item and place at the coarsest level, and per item at the others; 0: refinement only.
    var coarseSteps: Int
    var fineSteps: Int
    /// Whether borders are cut anew at each level back.
    var cutsBorders = false

    /// Parts of groups are moved, several to a place.
    static let groups = Manner(
      fewestItems: 24, itemsPerPlace: 4, largestShare: 4.0 / 3, leastPerPlace: 3, slackens: false, coarseSteps: 300,
      fineSteps: 100)
    /// The same, of large parts.
    static let largeGroups = Manner(
      fewestItems: 24, itemsPerPlace: 2, largestShare: 4.0 / 3, leastPerPlace: 1.5, slackens: false, coarseSteps: 300,
      fineSteps: 100)
    /// Each group is one item, if some place has room for all of it: what holds together needn't be taken apart to be
    /// moved. Of very many groups, some are joined.
    static let wholeGroups = Manner(
      fewestItems: 1, itemsPerPlace: 1, largestShare: .infinity, leastPerPlace: 1, fillsLargest: true,
      rules: [.group, .best, .anyone], enoughPerPlace: 20,
      slackens: false,
      coarseSteps: 300, fineSteps: 100)
    /// Borders are moved: where all hangs together, and little room is left.
    static let borders = Manner(
      fewestItems: 100, itemsPerPlace: 20, largestShare: 1.5, leastPerPlace: 3, slackens: true, coarseSteps: 20,
      fineSteps: 0, cutsBorders: true)
  }
}
