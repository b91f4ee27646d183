import Model

extension Planner {
  /// What to do where placements follow one another; nil where one to the end is as good.
  ///
  /// What would be moved now has to gain the application's threshold against staying, be it until a site closes.
  ///
  /// - Parameter limits: of the search for the order of each stage's moves.
  func staged(
    _ found: StageSearch.Result, _ solution: PlacementSolution, _ before: PlacementEvaluation?, needsMinimumGain: Bool,
    within limits: SearchLimits
  ) -> Plan? {
    guard let best = found.best else { return nil }
    let isSingle = { (staging: Staging?) in (staging?.stages.count ?? 1) == 1 }
    if isSingle(best), isSingle(found.staying) { return nil }
    let threshold = needsMinimumGain ? application.minimumGain : 0
    guard let staying = found.staying, best.staysNow || gain(best, staying) < threshold - Self.gainTolerance else {
      return plan(best, against: found.staying, solution, before, limits)
    }
    // What only gains later has to gain as much.
    if let before, before.isFeasible, isSingle(staying) || gain(staying, of: before) < threshold - Self.gainTolerance {
      return nil
    }
    return plan(staying, against: best, solution, before, limits)
  }

  private func gain(_ value: Double, _ reference: Double) -> Double {
    reference > 0 ? (reference - value) / reference : 0
  }

  private func gain(_ staging: Staging, _ reference: Staging) -> Double {
    gain(staging.value(instance.objective), reference.value(instance.objective))
  }

  private func gain(_ staging: Staging, of before: PlacementEvaluation) -> Double {
    gain(staging.value(instance.objective), instance.key(of: before).first)
  }

  private func plan(
    _ staging: Staging, against other: Staging?, _ solution: PlacementSolution, _ before: PlacementEvaluation?,
    _ limits: SearchLimits
  ) -> Plan {
    let first = staging.stages[0].evaluation
    let decision: Plan.Decision = before == nil ? .place : staging.staysNow ? .stay : .move
    let schedule = before.flatMap { before in
      staging.staysNow
        ? nil
        : MoveSchedule(from: before.placement, to: first.placement, in: instance, limits: moveLimits, within: limits)
    }
    let reason = StagingReason(instance: instance, now: now, staging: staging, other: other).words
    // The whole isn't proven, nor how far it is from the best.
    let stages = staging.stages.count == 1 ? "" : ", in \(staging.stages.count) stages"
    let known = PlacementSolution(
      placement: first.placement, method: solution.method + stages, proven: false, bound: nil, gap: nil)
    var plan = plan(decision, reason, known, schedule, before: before, after: first)
    plan.after = Plan.Outcome(staging, work: instance.remainingSeconds)
    plan.next = next(staging, limits)
    plan.canStay = before != nil && (staging.staysNow || other?.staysNow ?? false)
    (plan.payBackSeconds, plan.saves) = (nil, nil)
    plan.explanation.add(staging, instance)
    return plan
  }

  private func next(_ staging: Staging, _ limits: SearchLimits) -> [Plan.LaterMove] {
    zip(staging.stages, staging.stages.dropFirst()).flatMap { stage, later -> [Plan.LaterMove] in
      guard let present = later.instance.present, let ends = stage.ends else { return [] }
      let here = PlacementEvaluation(of: present, in: later.instance)
      let schedule = MoveSchedule(
        from: present, to: later.evaluation.placement, in: later.instance, limits: moveLimits, within: limits)
      let notBefore = now.advanced(bySeconds: ends.at)
      return moves(schedule, before: here, after: later.evaluation, in: later.instance).map { move in
        Plan.LaterMove(
          move: move, cost: later.instance.price(of: move), notBefore: notBefore, by: end(of: ends.because, stage))
      }
    }
  }

  private func end(of boundary: Stage.Boundary, _ stage: Stage) -> Timestamp? {
    guard case .closes(let site) = boundary, let closes = stage.instance.secondsUntilClosed[site] else { return nil }
    return now.advanced(bySeconds: stage.begins + closes)
  }
}

extension PlacementInstance {
  /// Of one that is made, be it half of a detour.
  fileprivate func price(of move: Plan.Move) -> Double {
    guard let vm = vms.firstIndex(where: { $0.name == move.vm }),
      let from = hosts.firstIndex(where: { $0.name == move.from }),
      let to = hosts.firstIndex(where: { $0.name == move.to })
    else { return 0 }
    let leg = Leg(vm: vm, from: from, to: to)
    guard case .success(let migration) = migration(of: leg) else { return 0 }
    return price(of: leg, migration)
  }
}

extension Plan.Outcome {
  /// - Parameter work: R.
  init(_ staging: Staging, work: Double) {
    let hosting = staging.stages.reduce(0) { $0 + $1.hosting }
    let egress = staging.stages.reduce(0) { $0 + $1.egress }
    let migration = staging.stages.reduce(0) { $0 + $1.evaluation.cost.migration }
    let downtimes = staging.stages.reduce(0) { $0 + $1.evaluation.downtimeSeconds }
    self.init(
      seconds: staging.seconds, slowdown: (staging.seconds - downtimes) / work, watts: staging.watts,
      cost: Cost(hosting: hosting, egress: egress, migration: migration, total: hosting + egress + migration))
  }
}
