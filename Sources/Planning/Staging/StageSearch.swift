import Model

/// Looks for placements one after another, where sites close and open within the run: what is best until the next
/// boundary, then the same question for the rest. Tries for each stage the present placement and the best one until the
/// boundary; which is no proof that there is nothing better.
struct StageSearch {
  let limits: SearchLimits
  private let elapsed: @Sendable () -> Double

  static let mostStages = 3
  /// Boundaries that are tried as a stage's end, the next ones first.
  static let mostBoundaries = 3
  /// By how much longer than its moves take a stage ends before a site closes.
  static let margin = 0.5
  static let leastMargin = 60.0
  /// A stage that would give way sooner, before a site closes, isn't begun: by the next decision it might be too late.
  static let shortest = 30.0

  init(limits: SearchLimits) {
    self.limits = limits
    elapsed = limits.start()
  }

  /// What was found.
  struct Result {
    /// The best, in one stage or several.
    var best: Staging?
    /// The best of those that begin with the present placement.
    var staying: Staging?
  }

  /// - Parameter single: the best placement to the end, where one is known.
  func run(_ instance: PlacementInstance, single: [Int]?) -> Result {
    var result = Result()
    if let present = instance.present {
      let stage = Stage(instance, present, begins: 0)
      if stage.evaluation.isFeasible { result.staying = Staging(stages: [stage]) }
      result.staying.take(several(instance, begins: 0, left: Self.mostStages - 2, present), by: instance.objective)
    }
    result.best = single.map { Staging(stages: [Stage(instance, $0, begins: 0)]) }
    result.best.take(result.staying, by: instance.objective)
    result.best.take(several(instance, begins: 0, left: Self.mostStages - 2, nil), by: instance.objective)
    return result
  }

  /// The best from an instant on.
  private func best(_ instance: PlacementInstance, begins: Double, left: Int) -> Staging? {
    var best = solve(instance).map { Staging(stages: [Stage(instance, $0, begins: begins)]) }
    if left > 0 { best.take(several(instance, begins: begins, left: left - 1, nil), by: instance.objective) }
    return best
  }

  /// The best in several stages.
  ///
  /// - Parameters:
  ///   - left: stages that may follow the second.
  ///   - first: instead of what is tried for the first stage.
  private func several(_ instance: PlacementInstance, begins: Double, left: Int, _ first: [Int]?) -> Staging? {
    var best: Staging?
    for boundary in instance.boundaries.prefix(Self.mostBoundaries) {
      var tried: [[Int]] = first.map { [$0] } ?? []
      if first == nil { tried = [instance.present, solve(instance.first(boundary.seconds))].compactMap(\.self) }
      for (index, placement) in tried.enumerated() where !tried[..<index].contains(placement) {
        best.take(staging(instance, placement, begins, boundary, left), by: instance.objective)
      }
    }
    return best
  }

  /// `placement` until the boundary, then the best; the sooner before a site closes, the longer the moves away take.
  private func staging(
    _ instance: PlacementInstance, _ placement: [Int], _ begins: Double, _ boundary: PlacementInstance.Boundary,
    _ left: Int
  ) -> Staging? {
    var lead = 0.0
    for _ in 0..<3 {
      if case .closes = boundary.kind {
        lead = max(lead, Self.leastMargin)
        guard boundary.seconds - lead >= Self.shortest else { return nil }
      }
      guard elapsed() < limits.seconds,
        let stage = Stage(
          instance, placement, begins: begins, length: boundary.seconds - lead, because: boundary.kind),
        let rest = best(stage.next, begins: begins + stage.length, left: left), !rest.staysNow
      else { return nil }
      let needed = rest.stages[0].evaluation.transferSeconds * (1 + Self.margin)
      if case .opens = boundary.kind { return rest.following(stage) }
      if max(needed, Self.leastMargin) <= lead * (1 + 1e-9) { return rest.following(stage) }
      lead = max(needed, Self.leastMargin)
    }
    return nil
  }

  private func solve(_ instance: PlacementInstance) -> [Int]? {
    var limits = limits
    limits.seconds = min(limits.seconds / 8, limits.seconds - elapsed())
    limits.steps = limits.steps.map { $0 / 8 }
    guard limits.seconds > 0 else { return nil }
    return PlacementSolver(limits: limits).solve(instance).placement
  }
}

extension PlacementInstance {
  /// A site that closes or opens within the run, and in how many seconds.
  struct Boundary {
    let kind: Stage.Boundary
    let seconds: Double
  }

  /// Those at which a stage can end, the next first. A run may last longer than at the present placement: those that
  /// come within four times of that count.
  var boundaries: [Boundary] {
    sites.indices.filter { availability[$0].allowsParts && !siteHosts[$0].isEmpty }.flatMap { site in
      [
        secondsUntilClosed[site].map { Boundary(kind: .closes(site: site), seconds: $0) },
        secondsUntilOpen[site].map { Boundary(kind: .opens(site: site), seconds: $0) },
      ].compactMap(\.self)
    }.filter { $0.seconds > 0 && $0.seconds < 4 * remainingSeconds }.sorted { $0.seconds < $1.seconds }
  }
}
