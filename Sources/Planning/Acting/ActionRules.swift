/// When a plan that gains is carried out, and how long nothing is done afterwards.
///
/// *Patience.* Nobody knows how long a better placement stays better: prices and phases come back. So staying has to
/// have lost as much as the moves cost before they are made, as whoever rents skis buys them once the rent paid is
/// their price (A. R. Karlin, M. S. Manasse, L. Rudolph, D. D. Sleator, "Competitive snoopy caching", Algorithmica 3,
/// 1988). With one change for the better, of whatever length, that pays at most twice what one pays who knew it. With
/// changes back and forth between two placements it is the counter algorithm of metrical task systems (A. Borodin,
/// N. Linial, M. E. Saks, "An optimal on-line algorithm for metrical task system", Journal of the ACM 39, 1992): at
/// most 2(1 + p)/p times the losses and moves of one who knew all, for patience p: four times for 1, and three for 2,
/// which is the least that is possible. What that leaves where moves have shown to repay themselves is spent on moving
/// sooner (`Experience`).
///
/// *Rest.* After moves their application is left alone for a multiple of the time that they took, so that it is on the
/// move for a sixth of the time at most, whatever is gained.
package struct ActionRules: Hashable, Sendable {
  /// What staying has to have lost, as a share of what the moves cost.
  package var patience: Double
  /// Rest after moves: that many times as long as they took,
  package var restShare: Double
  /// but at least, seconds,
  package var shortestRest: Double
  /// and at most, seconds.
  package var longestRest: Double

  package init(
    patience: Double = 1, restShare: Double = 5, shortestRest: Double = 30, longestRest: Double = 3600
  ) {
    self.patience = patience
    self.restShare = restShare
    self.shortestRest = shortestRest
    self.longestRest = longestRest
  }

  /// - Parameter seconds: that the moves took, from the first one's begin to the last one's end.
  package func rest(afterMovesOf seconds: Double) -> Double {
    min(longestRest, max(shortestRest, restShare * max(0, seconds)))
  }

  /// After so many plans in a row that failed: doubled by each.
  package func rest(afterFailures failures: Int) -> Double {
    min(longestRest, shortestRest * Double(1 << min(max(0, failures - 1), 10)))
  }
}
