import Model

/// The time limit ended a search that had found no placement, and no proof that there is none.
public struct NothingFound: Error, Hashable, Sendable, CustomStringConvertible {
  public let seconds: Double

  public var description: String {
    "no placement was found in \(Words.duration(seconds)) that satisfies the constraints, nor a proof that none "
      + "exists: allow more time (--time-limit) or loosen a constraint"
  }
}

extension Planner {
  /// Finds the best placement and decides.
  ///
  /// - Parameters:
  ///   - limits: of the search for the placement and, where it proves that there is none, for what clashes.
  ///   - needsMinimumGain: stay where the gain is under the application's threshold; else the best plan, whatever it
  ///     gains.
  public func plan(
    within limits: SearchLimits = SearchLimits(), needsMinimumGain: Bool = true
  ) throws(NothingFound) -> Plan {
    let elapsed = limits.start()
    let before = instance.present.map { PlacementEvaluation(of: $0, in: instance) }
    if before?.isFeasible != true, let evident = evidentClash() {
      return infeasible(evident, Plan.Solution(method: "counting", proven: true), before)
    }
    let boundaries = instance.boundaries
    var share = limits
    if !boundaries.isEmpty { share.seconds /= 2 }
    let solution = PlacementSolver(limits: share).solve(instance)
    if !boundaries.isEmpty {
      let stages = StageSearch(limits: share).run(instance, single: solution.placement)
      var share = limits
      share.seconds = max(limits.seconds - elapsed(), limits.seconds / 10) / Double(StageSearch.mostStages)
      if let plan = staged(stages, solution, before, needsMinimumGain: needsMinimumGain, within: share) { return plan }
    }
    // The search may have taken all of the time: a tenth of it more is worth an answer that a person can act on.
    let rest = max(limits.seconds - elapsed(), limits.seconds / 10)
    guard let placement = solution.placement else {
      guard solution.proven || hopelessPart(within: rest, of: limits) != nil else {
        throw NothingFound(seconds: limits.seconds)
      }
      let solution = Plan.Solution(method: solution.method, proven: true)
      return infeasible(searchedClash(within: rest, of: limits), solution, before)
    }
    let best = PlacementEvaluation(of: placement, in: instance)
    let reason = PlanReason(instance: instance, before: before, after: best, isProven: solution.proven)
    guard let before else { return plan(.place, reason.place, solution, nil, before: nil, after: best) }
    let isUnder = reason.gain < application.minimumGain - Self.gainTolerance
    if before.isFeasible, best.moves.isEmpty || (isUnder && needsMinimumGain) {
      let words = reason.stay(threshold: application.minimumGain)
      return plan(.stay, words, solution, nil, before: before, after: before)
    }
    let words = reason.move(mending: before.violations, under: isUnder ? application.minimumGain : nil)
    var orderLimits = limits
    orderLimits.seconds = rest
    let schedule = MoveSchedule(
      from: before.placement, to: best.placement, in: instance, limits: moveLimits, within: orderLimits)
    let gain = reason.gain(with: schedule)
    if before.isFeasible, needsMinimumGain, gain < application.minimumGain - Self.gainTolerance {
      let words = reason.stay(threshold: application.minimumGain, detouring: schedule)
      return plan(.stay, words, solution, nil, before: before, after: before)
    }
    return plan(.move, words, solution, schedule, before: before, after: best)
  }

  private var seen: PartialView { view ?? PartialView(of: application, in: traffic) }

  /// A gain that is short of its threshold by less is rounding.
  static let gainTolerance = 1e-9

  func plan(
    _ decision: Plan.Decision, _ reason: String, _ solution: PlacementSolution, _ schedule: MoveSchedule?,
    before: PlacementEvaluation?, after: PlacementEvaluation
  ) -> Plan {
    let hosts = zip(instance.vms, after.placement).map { ($0.name, instance.hosts[$1].name) }
    let reasons = [reason] + (before == nil ? [] : application.managersInWords)
    let payBack = decision == .move ? before.flatMap { instance.payBackSeconds(from: $0, to: after) } : nil
    var plan = Plan(
      decision: decision, reason: reasons.joined(separator: "; "), objective: instance.objective,
      isService: instance.isService, at: now,
      placement: Dictionary(uniqueKeysWithValues: hosts),
      moves: moves(schedule, before: before, after: after, in: instance),
      schedule: schedule.flatMap(Plan.Schedule.init),
      orderable: schedule?.isComplete ?? true, orderReason: schedule?.reason(in: instance),
      before: before.map(Plan.Outcome.init), after: Plan.Outcome(after), solution: Plan.Solution(solution), clash: [],
      forecast: instance.forecast, payBackSeconds: payBack,
      saves: decision == .move ? before.map { Plan.Saving(from: $0, to: after, in: instance) } : nil,
      view: seen,
      warnings: warnings(after, schedule, payBack: payBack),
      explanation: Explanation(instance, before: before, after: after, order: schedule?.vms ?? []))
    plan.placementSlowdown = after.slowdown
    plan.canStay = before?.isFeasible ?? false
    return plan
  }

  private func warnings(
    _ after: PlacementEvaluation, _ schedule: MoveSchedule?, payBack: Double?
  ) -> [String] {
    var warnings = instance.warnings.map(\.description) + instance.doubts(of: after, payBack: payBack)
    guard let schedule, schedule.isComplete else { return warnings }
    if schedule.seconds > instance.remainingSeconds, !instance.isService {
      warnings.append(
        "the moves take \(Words.duration(schedule.seconds)), and the application ends in "
          + "\(Words.duration(instance.remainingSeconds)): its figures take the moves as made at once")
    }
    for move in schedule.moves {
      let site = instance.hostSites[move.from]
      guard let closes = instance.secondsUntilClosed[site], closes >= 0, exceeds(move.end, closes) else { continue }
      warnings.append(
        "\(instance.sites[site].name) closes in \(Words.duration(closes)), and \(instance.vms[move.vm].name) has left "
          + "it only after \(Words.duration(move.end)), if the moves begin now")
    }
    return warnings
  }

  // MARK: - Infeasible

  private func infeasible(
    _ found: (question: Planner, clash: Clash), _ solution: Plan.Solution, _ before: PlacementEvaluation?
  ) -> Plan {
    var reason = "no placement satisfies the constraints"
    if let violations = before?.violations, !violations.isEmpty {
      reason += "; the present one breaks: " + Words.sentences(violations.map(\.description))
    }
    if !found.clash.isIrreducible { reason += "; the search for what clashes ended early: it may be fewer" }
    let clash = found.clash.words(found.question.application, at: now, in: found.question.instance)
    return Plan(
      decision: .infeasible, reason: reason, objective: instance.objective, isService: instance.isService, at: now,
      placement: [:], moves: [], schedule: nil, orderable: true, orderReason: nil,
      before: before.map(Plan.Outcome.init), after: nil, solution: solution, clash: clash,
      forecast: instance.forecast, view: seen,
      warnings: instance.warnings.map(\.description), explanation: Explanation(rows: []))
  }
}

extension Plan.Solution {
  init(_ solution: PlacementSolution) {
    self.init(method: solution.method, proven: solution.proven, gap: solution.gap)
  }
}
