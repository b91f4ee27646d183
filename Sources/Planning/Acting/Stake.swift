internal import Model

/// What is at stake between staying and a placement: how fast staying loses, and what the moves cost, in the unit of
/// the objective (`cost` money, `time` seconds, `resources` watt-seconds).
package struct Stake: Hashable, Sendable {
  /// Per second; below 0 where staying is better.
  package var lossPerSecond: Double
  package var price: Double

  package init(lossPerSecond: Double, price: Double) {
    self.lossPerSecond = lossPerSecond
    self.price = price
  }

  /// - Parameters:
  ///   - before: the present placement.
  ///   - after: another one of the same instance.
  package init(from before: PlacementEvaluation, to after: PlacementEvaluation, in instance: PlacementInstance) {
    let remaining = max(instance.remainingSeconds, 1e-9)
    switch instance.objective {
    case .cost:
      // While a VM stands still, its application does, and is paid for.
      let hourly = after.hosting.reduce(0, +) / max(after.chargedSeconds, 1e-9) * 3600
      let standing = instance.isService ? 0 : hourly * after.downtimeSeconds / 3600
      price = after.cost.migration + standing
      lossPerSecond = (before.cost.total - (after.cost.total - after.cost.migration)) / remaining
    case .time:
      price = after.downtimeSeconds
      lossPerSecond = (before.seconds - after.seconds) / remaining
    case .resources:
      // Hosts at both ends are up while it moves.
      let used = Set(before.placement).union(after.placement)
      let both = used.reduce(0) { $0 + instance.hosts[$1].watts }
      let seconds = after.moves.reduce(0) { $0 + ((try? $1.migration.get().seconds) ?? 0) }
      price = max(0, both - before.watts) * seconds
      lossPerSecond = before.watts - after.watts
    }
  }
}
