internal import Model

/// From the reservation to the flip.
extension Move {
  mutating func begin(at time: Timestamp) -> [MoveAction] {
    enter(.reserving)
    let report = reach(.approved, at: time)
    return [record(.approved, at: time)] + report + [.reserve, .setTimer(.reservation, after: .seconds(10))]
  }

  mutating func reserved(at time: Timestamp) -> [MoveAction] {
    switch phase {
    case .reserving: break
    // Too late: what was held for nothing is let go.
    case .over where report.result != .done: return [.release(query)]
    default: return []
    }
    enter(.migrating)
    var actions = [MoveAction.cancelTimer(.reservation)] + reach(.reserved, at: time) + reach(.copying, at: time)
    // The flip can't wait for the disk, so its epoch is written down before it is known to be needed.
    actions += [record(.copying, epoch: entry.raised().epoch, at: time), .startMigration]
    if let timeout = request.timeout { actions.append(.setTimer(.copying, after: timeout)) }
    return actions
  }

  /// From here on the map names the destination, and whoever sends to the VM sends there. The tap here stays, fenced:
  /// should the VM run here after all, its process has it open.
  mutating func flip(at time: Timestamp) -> [MoveAction] {
    let known = report.add(.stopped, at: time) ? [MoveAction.report(.stopped)] : []
    (isFlipped, isAnnounced, forwarding) = (true, true, .untilAllKnow)
    var flip = entry.raised(to: request.to)
    if let flipEpoch { flip.epoch = flipEpoch }
    return fence() + [.forwardLateFrames] + announce(flip)
      + [record(.stopped, at: time), .setTimer(.forwarding, after: .seconds(5)), .cancelTimer(.copying)] + known
  }

  mutating func fence() -> [MoveAction] {
    defer { isFenced = true }
    return isFenced ? [] : [.fence]
  }

  mutating func unfence() -> [MoveAction] {
    defer { isFenced = false }
    return isFenced ? [.unfence] : []
  }

  mutating func announce(_ entry: FabricEntry) -> [MoveAction] {
    self.entry = entry
    (waiting, tries) = (Set(request.audience), 0)
    return [.announce(entry, to: request.audience), .setTimer(.acknowledgement, after: .seconds(1))]
  }

  /// The destination runs. That alone is no reason for a flip: where the stop wasn't seen, the source could run, too.
  mutating func resumed(at time: Timestamp) -> [MoveAction] {
    phase == .migrating && isFlipped ? reach(.active, at: time) : []
  }

  mutating func checkRounds(_ round: Int) -> [MoveAction] {
    guard let most = request.maximumRounds, round > most else { return [] }
    return abort(
      Abortion(isByOperator: false, reason: "gave up: the VM changes its memory faster than \(most) passes could copy"))
  }

  mutating func cancel(by name: String, at time: Timestamp) -> [MoveAction] {
    if isPastReturn { return [.refuseCancel] }
    let reason = name.isEmpty ? "by the operator" : "by \(name)"
    switch phase {
    case .planned: return end(.cancelled, reason, releasing: false, at: time)
    case .reserving: return end(.cancelled, reason, releasing: true, at: time)
    default: return abort(Abortion(isByOperator: true, reason: reason))
    }
  }

  mutating func abort(_ abortion: Abortion) -> [MoveAction] {
    guard phase == .migrating || phase == .judging, !isFlipped, self.abortion == nil else { return [] }
    self.abortion = abortion
    // The job may not have begun yet, hence the timer.
    return phase == .migrating ? [.abortMigration, .setTimer(.retry, after: Self.retryInterval)] : []
  }

  static var retryInterval: Duration { .seconds(1) }
}
