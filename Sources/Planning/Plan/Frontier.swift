import Model

/// What can be had of cost and time: placements of which none is both cheaper and faster than another (Pareto), the
/// cheapest first.
public struct Frontier: Hashable, Sendable {
  public let points: [Point]
  /// Whether each is proven to be the cheapest that is as fast.
  public let proven: Bool

  public struct Point: Hashable, Sendable, Encodable {
    public var cost: Double
    /// T and the downtimes of the moves.
    public var seconds: Double
    public var moves: Int
    /// Host of each VM.
    public var placement: [String: String]
    /// Whether it is the present placement.
    public var isPresent: Bool

    enum CodingKeys: String, CodingKey {
      case cost, seconds, moves, placement
      case isPresent = "present"
    }
  }
}

extension Planner {
  /// A plan, and what else could be had: half of the time at most for the plan, what is left of all for the frontier.
  /// Where half of it isn't enough to find any placement, the plan has all.
  public func planWithFrontier(
    within limits: SearchLimits = SearchLimits(), needsMinimumGain: Bool = true
  ) throws(NothingFound) -> Plan {
    let elapsed = limits.start()
    var share = limits
    share.seconds /= 2
    var plan: Plan
    do {
      plan = try self.plan(within: share, needsMinimumGain: needsMinimumGain)
    } catch {
      share.seconds = max(limits.seconds - elapsed(), 1e-9)
      do {
        plan = try self.plan(within: share, needsMinimumGain: needsMinimumGain)
      } catch {
        throw NothingFound(seconds: limits.seconds)
      }
    }
    if plan.decision == .infeasible { return plan }
    share.seconds = max(limits.seconds - elapsed(), 1e-9)
    plan.frontier = frontier(within: share)
    return plan
  }

  /// The frontier, by turns: the cheapest placement that is faster than the last by a part of the whole range, then the
  /// fastest that costs no more (ε-constraints: Haimes, Lasdon and Wismer, IEEE Trans. SMC 1, 1971).
  ///
  /// - Parameter most: points at most.
  public func frontier(within limits: SearchLimits = SearchLimits(), most: Int = 24) -> Frontier {
    let elapsed = limits.start()
    var isProven = true
    var found: [PlacementEvaluation] = []
    func solve(_ objective: Objective, cost: Double? = nil, seconds: Double? = nil) -> PlacementEvaluation? {
      var share = limits
      share.seconds = min(limits.seconds / 8, limits.seconds - elapsed())
      share.steps = limits.steps.map { $0 / 8 }
      guard share.seconds > 0 else {
        isProven = false
        return nil
      }
      let question = instance.bounded(objective, cost: cost, seconds: seconds)
      let solution = PlacementSolver(limits: share).solve(question)
      isProven = isProven && solution.proven
      return solution.placement.map { PlacementEvaluation(of: $0, in: instance) }
    }
    /// The cheapest within a time, and of those the fastest.
    func point(within seconds: Double?) -> PlacementEvaluation? {
      guard let cheap = solve(.cost, seconds: seconds) else { return nil }
      return solve(.time, cost: cheap.cost.total, seconds: seconds) ?? cheap
    }
    guard let fastest = solve(.time), let cheapest = point(within: nil) else {
      return Frontier(points: [], proven: isProven)
    }
    found = [cheapest]
    let step = max((cheapest.totalSeconds - fastest.totalSeconds) / Double(most), fastest.totalSeconds * 1e-6)
    while found.count < most - 1, let last = found.last, last.totalSeconds - step > fastest.totalSeconds,
      let next = point(within: last.totalSeconds - step)
    {
      found.append(next)
    }
    if let last = found.last, PlacementKey.isLess(fastest.totalSeconds, last.totalSeconds) { found.append(fastest) }
    return Frontier(points: Self.undominated(found).map(described), proven: isProven)
  }

  private static func undominated(_ all: [PlacementEvaluation]) -> [PlacementEvaluation] {
    all.filter { one in
      !all.contains { other in
        !PlacementKey.isLess(one.cost.total, other.cost.total)
          && !PlacementKey.isLess(one.totalSeconds, other.totalSeconds)
          && (PlacementKey.isLess(other.cost.total, one.cost.total)
            || PlacementKey.isLess(other.totalSeconds, one.totalSeconds))
      }
    }
  }

  private func described(_ evaluation: PlacementEvaluation) -> Frontier.Point {
    let hosts = zip(instance.vms, evaluation.placement).map { ($0.name, instance.hosts[$1].name) }
    return Frontier.Point(
      cost: evaluation.cost.total, seconds: evaluation.totalSeconds, moves: evaluation.moves.count,
      placement: Dictionary(uniqueKeysWithValues: hosts), isPresent: evaluation.placement == instance.present)
  }
}

extension PlacementInstance {
  /// The same question by another objective, for no more than so much and so long.
  fileprivate func bounded(_ objective: Objective, cost: Double?, seconds: Double?) -> PlacementInstance {
    var bounded = self
    bounded.objective = objective
    if let cost { bounded.budget = min(budget ?? .infinity, cost) }
    if let seconds { bounded.secondsUntilDeadline = min(secondsUntilDeadline ?? .infinity, seconds) }
    bounded.constraints = PlacementConstraints.all(of: bounded)
    return bounded
  }
}
