extension SearchState {
  /// The sums by which the placement is judged.
  package mutating func figures() -> Figures {
    figures(slowdown: slowdown())
  }

  private func figures(slowdown: Double) -> Figures {
    let seconds = problem.remaining * slowdown
    return Figures(
      slowdown: slowdown, seconds: seconds, downtime: downtime,
      cost: priceRate * problem.charged(seconds) + egress + migration, watts: watts)
  }

  /// What of the limits that depend on time and cost, and of the goal's caps, is broken: 0 where none is, else at
  /// least 1 for each.
  package func lateExcess(_ figures: Figures, _ goal: Goal) -> Double {
    let charged = problem.charged(figures.seconds)
    var sum = 0.0
    if problem.hasSiteTimes {
      for site in 0..<problem.sites where siteCount[site] > 0 {
        sum += Self.over(charged + figures.downtime, problem.closes[site])
        sum += Self.over(siteVCPUs[site] * charged, problem.quotaVCPUSeconds[site])
      }
    }
    sum += Self.over(figures.totalSeconds, problem.deadline) + Self.over(figures.cost, problem.budget)
    sum += Self.over(figures.slowdown, problem.slowdownLimit)
    if figures.cost > goal.cost { sum += Self.share(figures.cost, goal.cost) }
    if figures.totalSeconds > goal.seconds { sum += Self.share(figures.totalSeconds, goal.seconds) }
    if figures.watts > goal.watts { sum += Self.share(figures.watts, goal.watts) }
    return sum
  }

  private static func over(_ value: Double, _ limit: Double) -> Double {
    exceeds(value, limit) ? share(value, limit) : 0
  }

  /// 1, and 1 for each percent.
  private static func share(_ value: Double, _ limit: Double) -> Double {
    1 + 100 * (value - limit) / max(abs(limit), 1e-9)
  }
}
