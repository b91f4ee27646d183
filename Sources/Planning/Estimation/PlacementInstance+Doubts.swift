import Model

extension PlacementInstance {
  /// Seconds until what moves has saved what it costs, in the objective's figure; nil where the present placement has
  /// to be mended, and where nothing is saved.
  func payBackSeconds(from before: PlacementEvaluation, to after: PlacementEvaluation) -> Double? {
    guard before.isFeasible else { return nil }
    let stake = Stake(from: before, to: after, in: self)
    return stake.lossPerSecond > 0 ? stake.price / stake.lossPerSecond : nil
  }

  /// What may turn out otherwise, since the run may end earlier or later than planned with; sentences.
  func doubts(of after: PlacementEvaluation, payBack: Double?) -> [String] {
    guard let run = forecast.chosen, let error = run.errorSeconds else { return [] }
    var doubts: [String] = []
    if let payBack, payBack > run.seconds - error {
      doubts.append(
        "the moves pay back after \(Words.duration(payBack)), and the run may end before that: it takes \(run.words)")
    }
    let used = Set(after.placement.map { hostSites[$0] })
    for site in used.sorted() {
      guard let closes = secondsUntilClosed[site], closes < after.endSeconds + error * after.slowdown else { continue }
      doubts.append(
        "\(sites[site].name) closes in \(Words.duration(closes)), and the run may not have ended by then: it takes "
          + "\(Words.duration(after.endSeconds)) ± \(Words.duration(error * after.slowdown))")
    }
    return doubts
  }
}
