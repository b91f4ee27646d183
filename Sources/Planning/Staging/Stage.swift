import Model

/// One placement for a part of the remaining run: from an instant until a site closes or opens, or to the end.
struct Stage: Sendable {
  /// Why the next one follows.
  enum Boundary: Hashable, Sendable {
    case closes(site: Int)
    case opens(site: Int)
  }

  /// The question as it stands when the stage begins: what then remains of the run, of budgets and of windows.
  let instance: PlacementInstance
  /// Of this placement, were it kept to the end.
  let evaluation: PlacementEvaluation
  /// Seconds from the instant that is planned at.
  let begins: Double
  /// Share of what remains of the run that is done in it; 1 of the last.
  let share: Double
  /// Where the next stage begins, and why; nil of the last.
  let ends: (at: Double, because: Boundary)?

  /// The last stage.
  init(_ instance: PlacementInstance, _ placement: [Int], begins: Double) {
    self.instance = instance
    evaluation = PlacementEvaluation(of: placement, in: instance)
    self.begins = begins
    (share, ends) = (1, nil)
  }

  /// One that gives way to another after `length` seconds; nil where the run ends before, its moves take longer, or
  /// the placement breaks a constraint until then.
  init?(
    _ instance: PlacementInstance, _ placement: [Int], begins: Double, length: Double, because boundary: Boundary
  ) {
    self.instance = instance
    let evaluation = PlacementEvaluation(of: placement, in: instance)
    self.evaluation = evaluation
    self.begins = begins
    share = (length - evaluation.downtimeSeconds) / evaluation.chargedSeconds
    ends = (begins + length, boundary)
    guard share > 0, share < 1, evaluation.transferSeconds <= length else { return nil }
    guard !evaluation.isBroken(within: length, in: instance), !exceeds(cost, instance.budget ?? .infinity) else {
      return nil
    }
    for site in instance.sites.indices {
      if let limit = instance.sites[site].quota.vcpuHours, exceeds(vcpuHours(at: site), limit) { return nil }
    }
  }

  /// What is paid in it; of the moves all.
  var cost: Double { hosting + egress + evaluation.cost.migration }
  var hosting: Double { evaluation.cost.hosting * share }
  var egress: Double { evaluation.cost.egress * share }
  /// T and downtimes, as far as they are in it; of a service what its work takes.
  var seconds: Double { evaluation.seconds * share + evaluation.downtimeSeconds }
  /// How long it lasts by the clock that windows count.
  var length: Double { evaluation.chargedSeconds * share + evaluation.downtimeSeconds }

  func vcpuHours(at site: Int) -> Double {
    evaluation.siteUse[site].vcpus * evaluation.chargedSeconds * share / 3600
  }

  /// The question that the next stage answers.
  var next: PlacementInstance {
    var next = instance
    next.task = .move
    next.present = evaluation.placement
    next.remainingSeconds = instance.remainingSeconds * (1 - share)
    // A guest keeps its CPU model; back to an earlier QEMU it doesn't go.
    for (vm, host) in evaluation.placement.enumerated() {
      next.guests[vm].qemuVersion = instance.hosts[host].qemuVersion ?? next.guests[vm].qemuVersion
    }
    let elapsed = ends?.at ?? begins + length
    next.secondsUntilClosed = instance.availability.map { $0.closes(asOf: elapsed) }
    next.secondsUntilOpen = instance.availability.map { $0.opens(after: elapsed) }
    next.secondsUntilDeadline = instance.secondsUntilDeadline.map { $0 - length }
    next.budget = instance.budget.map { max(0, $0 - cost) }
    for site in next.sites.indices {
      next.sites[site].quota.vcpuHours = instance.sites[site].quota.vcpuHours.map { max(0, $0 - vcpuHours(at: site)) }
    }
    next.constraints = PlacementConstraints.all(of: next)
    return next
  }
}

extension PlacementEvaluation {
  /// Of all moves, one after another.
  var transferSeconds: Double { moves.reduce(0) { $0 + ((try? $1.migration.get().seconds) ?? 0) } }

  /// Whether it breaks a constraint in so many seconds, if other placements may follow it.
  func isBroken(within seconds: Double, in instance: PlacementInstance) -> Bool {
    violations.contains { violation in
      switch violation {
      // These speak of the whole run; what is left of them is the next stage's.
      case .deadline, .budget, .quotaVCPUHours: false
      case .window(let site, let closes, _): closes < seconds || !instance.allowsPart(at: site)
      default: true
      }
    }
  }
}

extension PlacementInstance {
  /// Whether VMs may be at a site in a part of the run.
  func allowsPart(at site: String) -> Bool {
    sites.firstIndex { $0.name == site }.map { availability[$0].allowsParts } ?? false
  }

  /// The same question for so many seconds only, in which the sites that close later don't close: what is best until
  /// then.
  func first(_ seconds: Double) -> PlacementInstance {
    var first = self
    first.remainingSeconds = min(remainingSeconds, seconds)
    for site in sites.indices where availability[site].allowsParts {
      if let closes = secondsUntilClosed[site], closes >= seconds { first.secondsUntilClosed[site] = nil }
    }
    (first.secondsUntilDeadline, first.budget) = (nil, nil)
    first.constraints = PlacementConstraints.all(of: first)
    return first
  }
}
