import Model

/// Why a plan is what it is, in words that name what dominates.
struct PlanReason {
  let instance: PlacementInstance
  /// Nil for a first placement.
  let before: PlacementEvaluation?
  let after: PlacementEvaluation
  /// Whether no better placement than `after` exists.
  let isProven: Bool

  /// What the objective compares first, at a placement.
  func value(_ evaluation: PlacementEvaluation) -> Double { instance.key(of: evaluation).first }

  /// Share of the objective's value that is saved; 0 where there is none to save.
  var gain: Double {
    guard let before, value(before) > 0 else { return 0 }
    return (value(before) - value(after)) / value(before)
  }

  /// With what detours of the moves add.
  func gain(with schedule: MoveSchedule) -> Double {
    guard let before, value(before) > 0 else { return gain }
    return gain - added(by: schedule) / value(before)
  }

  /// To the objective's value, by detours.
  private func added(by schedule: MoveSchedule) -> Double {
    switch instance.objective {
    case .cost: schedule.detourPrice
    case .time: schedule.detourDowntimeSeconds
    case .resources: 0
    }
  }

  private var noun: String {
    switch instance.objective {
    case .cost: "cost"
    case .time: instance.isService ? "time for the same work" : "time"
    case .resources: "power"
    }
  }

  /// A service has no end: of its time only the ratio to the reference says something.
  private func figure(_ value: Double) -> String {
    switch instance.objective {
    case .cost: Words.number(value)
    case .time where instance.isService: Words.percent(value / instance.remainingSeconds)
    case .time: Words.duration(value)
    case .resources: Words.number(value) + " W"
    }
  }

  /// What the figure of a service's time is a ratio to.
  private var reference: String {
    guard instance.objective == .time, instance.isService else { return "" }
    return before == nil ? " of that on speed 1.0 without waits" : " of the present"
  }

  /// `moving 3 VMs saves 56 % of the cost (1.4 → 0.62), mostly by …`
  private var saving: String {
    guard let before else { return "" }
    let moves = "moving \(Words.count(after.moves.count, "VM"))"
    let (old, new) = (value(before), value(after))
    guard PlacementKey.isLess(new, old) else {
      return "\(moves) leaves the \(noun) as it is (\(figure(new))) and lowers the cost "
        + "(\(Words.number(before.cost.total)) → \(Words.number(after.cost.total)))"
    }
    return "\(moves) saves \(Words.percent(gain)) of the \(noun) (\(figure(old)) → \(figure(new)))"
      + (dominant.map { ", mostly by \($0)" } ?? "")
  }

  /// The largest part of the gain, and the second where it is no less than half of that; nil where no part gains
  /// anything.
  private var dominant: String? {
    guard let before else { return nil }
    let parts =
      switch instance.objective {
      case .cost: costParts(before)
      case .time: timeParts(before)
      case .resources: [emptiedHosts(before)]
      }
    let gains = parts.filter { $0.gain > 0 }.sorted { $0.gain > $1.gain }
    guard let first = gains.first else { return nil }
    let main = gains.prefix(2).filter { $0.gain >= first.gain / 2 }
    return Words.list(main.map(\.words))
  }

  private typealias Part = (gain: Double, words: String)

  private func costParts(_ before: PlacementEvaluation) -> [Part] {
    let (old, new) = (hourly(before), hourly(after))
    let shorter = before.chargedSeconds - after.chargedSeconds
    let run = "\(Words.duration(before.chargedSeconds)) → \(Words.duration(after.chargedSeconds))"
    let cause = timeParts(before).max { $0.gain < $1.gain }?.words
    return [
      (
        (old - new) * before.chargedSeconds / 3600,
        "hosting at \(Words.number(new)) instead of \(Words.number(old)) per hour"
      ),
      (new * shorter / 3600, "a shorter run (\(run))" + (cause.map { ", through \($0)" } ?? "")),
      (
        before.cost.egress - after.cost.egress,
        "less data leaving sites (egress \(Words.number(before.cost.egress)) → \(Words.number(after.cost.egress)))"
      ),
    ]
  }

  private func hourly(_ evaluation: PlacementEvaluation) -> Double {
    evaluation.placement.indices.reduce(0) {
      $0 + instance.price(of: $1, at: instance.site(of: $1, in: evaluation.placement))
    }
  }

  /// The parts of σ: of a coupled application those of the VM that is the slowest afterwards, whose σ is that of all
  /// (at the present placement they are all 1); of an independent one the means over VMs.
  private func timeParts(_ before: PlacementEvaluation) -> [Part] {
    let slowest = instance.vmsByName.max { after.slowdowns[$0].total < after.slowdowns[$1].total }
    let decides = instance.coupling == .coupled ? slowest : nil
    func value(_ evaluation: PlacementEvaluation, _ part: (PlacementEvaluation.Slowdown) -> Double) -> Double {
      if let decides { return part(evaluation.slowdowns[decides]) }
      return evaluation.slowdowns.reduce(0) { $0 + part($1) } / Double(max(1, evaluation.slowdowns.count))
    }
    let whose =
      decides.map { instance.vms.count == 1 ? "" : " of \(instance.vms[$0].name), the slowest VM, which decides" }
      ?? " of a VM's, on average"
    func change(_ name: String, _ part: (PlacementEvaluation.Slowdown) -> Double) -> Part {
      let (old, new) = (value(before, part), value(after, part))
      return (old - new, "\(name) (\(Words.percent(old)) → \(Words.percent(new)) of the present time\(whose))")
    }
    return [
      change("less waiting for messages to cross") { $0.waitFactor * $0.wait },
      change("less load on the busiest link") { $0.waitFactor * $0.link },
      change("faster cores") { $0.compute },
    ]
  }

  private func emptiedHosts(_ before: PlacementEvaluation) -> Part {
    let (old, new) = (Set(before.placement), Set(after.placement))
    let hosts = Words.count(old.count, "host") + " → \(new.count)"
    let left = instance.hosts.indices.filter { old.contains($0) && !new.contains($0) }.map { instance.hosts[$0].name }
    return (value(before) - value(after), "leaving \(Words.list(left)) without VMs (\(hosts) in use)")
  }

  // MARK: - Sentences

  /// For a decision to move; `threshold` where the gain is under it and the plan is wanted all the same.
  func move(mending violations: [PlacementViolation], under threshold: Double?) -> String {
    if !violations.isEmpty {
      let broken = Words.sentences(violations.map(\.description))
      return "the present placement breaks constraints (\(broken)); \(best)"
    }
    guard let threshold else { return saving }
    return "\(saving); that is under the threshold of \(Words.percent(threshold)): the advice is to stay"
  }

  /// For a decision to stay; `after` is the best placement that was found.
  func stay(threshold: Double) -> String {
    if after.moves.isEmpty {
      let others = isProven ? "no other placement that fits has" : "no placement was found that fits and has"
      return "\(others) less \(noun) than the present one: \(figure(value(after)))\(reference)"
    }
    let under = Words.percent(gain) == Words.percent(threshold) ? "just under" : "under"
    return "\(saving); that is \(under) the threshold of \(Words.percent(threshold))"
  }

  /// For a decision to stay since the moves of the best placement go in circles, and setting VMs aside costs too much.
  func stay(threshold: Double, detouring schedule: MoveSchedule) -> String {
    "\(saving); but to get there VMs have to be set aside on other hosts, which adds "
      + "\(figure(added(by: schedule))): that leaves \(Words.percent(gain(with: schedule))), under the threshold of "
      + Words.percent(threshold)
  }

  /// For a first placement.
  var place: String {
    let hosts = Set(after.placement)
    let sites = instance.sites.indices.filter { site in hosts.contains { instance.hostSites[$0] == site } }
    return "\(best), with \(Words.count(hosts.count, "host")) at \(Words.list(sites.map { instance.sites[$0].name }))"
  }

  private var best: String {
    let which = isProven ? "of the placements that fit, this has the least" : "the best placement found has"
    return "\(which) \(noun): \(figure(value(after)))\(reference)"
  }
}
