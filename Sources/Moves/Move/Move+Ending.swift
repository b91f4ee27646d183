internal import Model

/// What remains when it is certain who has the VM.
extension Move {
  /// The destination has it.
  mutating func arrive(at time: Timestamp) -> [MoveAction] {
    enter(.arriving)
    let redirection = isFlipped && isAnnounced ? [] : flip(at: time)
    return redirection + reach(.active, at: time) + [
      record(.active, at: time), .removeSource(query), .setTimer(.retry, after: Self.retryInterval),
    ] + settle(at: time)
  }

  /// The source has had it all the time.
  mutating func keepSource(at time: Timestamp) -> [MoveAction] {
    let result = abortion.map { $0.isByOperator ? MoveResult.cancelled : .failed } ?? .failed
    return unfence() + end(result, abortion?.reason ?? failure, releasing: true, at: time)
  }

  /// Neither has it. The entry goes back to where the VM is defined.
  mutating func lose(at time: Timestamp) -> [MoveAction] {
    nameSource(at: time) + unfence()
      + end(
        .failed, "the VM is lost: its process ended on \(request.from) during the move, and \(request.to) has no copy"
          + (failure.isEmpty ? "" : " (\(failure))"), releasing: !isReleased, at: time)
  }

  mutating func end(
    _ result: MoveResult, _ reason: String, releasing: Bool, at time: Timestamp
  ) -> [MoveAction] {
    enter(.releasing)
    isReleased = !releasing
    (report.result, report.reason, report.endedAt) = (result, reason, time)
    return [record(lastStep, at: time), .cancelTimer(.reservation), .conclude(result)]
      + (releasing
        ? [.release(query), .setTimer(.retry, after: Self.retryInterval)] : [.cancelTimer(.retry)])
      + settle(at: time)
  }

  mutating func acknowledged(by host: String, epoch: UInt64, at time: Timestamp) -> [MoveAction] {
    guard epoch == entry.epoch, waiting.remove(host) != nil else { return [] }
    let redirection = host == request.to && isFlipped ? reach(.redirected, at: time) : []
    return redirection + settle(at: time)
  }

  /// Goes on with all that the last event has made possible.
  mutating func settle(at time: Timestamp) -> [MoveAction] {
    var actions: [MoveAction] = []
    if phase == .arriving {
      // The others read it from the map when they connect again; the destination is sent it until it answers.
      if !waiting.contains(request.to), waiting.isEmpty || tries > 0, report.time(of: .networkUpdated) == nil {
        report.silentHosts = waiting.sorted()
        actions += reach(.networkUpdated, at: time)
      }
      if isRemoved, report.time(of: .networkUpdated) != nil, report.result == nil {
        (report.result, report.endedAt) = (.done, time)
        let done = reach(.done, at: time)
        actions += [record(.done, at: time)] + done + [.conclude(.done)]
      }
    }
    if waiting.isEmpty, forwarding == .untilAllKnow {
      forwarding = .ending
      actions.append(.setTimer(.forwarding, after: .seconds(1)))
    }
    let isClean = phase == .arriving ? report.result == .done && isRemoved : phase == .releasing && isReleased
    if isClean, forwarding == .none, waiting.isEmpty || tries >= Self.tries {
      phase = .over
      actions += [.cancelTimer(.acknowledgement), record(lastStep, isClosed: true, at: time), .finish]
    }
    return actions
  }

  mutating func fire(_ timer: MoveTimer, at time: Timestamp) -> [MoveAction] {
    switch timer {
    case .reservation where phase == .reserving:
      return end(.failed, "the agent of \(request.to) didn't answer", releasing: true, at: time)
    case .copying:
      let seconds = request.timeoutSeconds ?? 0
      return abort(Abortion(isByOperator: false, reason: "gave up after \(seconds) s"))
    case .retry: return retry()
    case .acknowledgement: return announceAgain(at: time)
    case .forwarding where forwarding != .none:
      forwarding = .none
      return [.endForwarding] + settle(at: time)
    default: return []
    }
  }

  private mutating func retry() -> [MoveAction] {
    let action: MoveAction
    switch phase {
    case .migrating where abortion != nil && !isFlipped: action = .abortMigration
    case .judging: action = .readSource(query)
    case .reclaiming: action = .release(query)
    case .reopening: action = request.isPaused ? .readSource(query) : .resumeSource(query)
    case .arriving where !isRemoved: action = .removeSource(query)
    case .releasing where !isReleased: action = .release(query)
    default: return []
    }
    return [action, .setTimer(.retry, after: Self.retryInterval)]
  }

  private mutating func announceAgain(at time: Timestamp) -> [MoveAction] {
    guard phase != .over, !waiting.isEmpty else { return [] }
    if tries < Self.tries { tries += 1 }
    let hosts = request.audience.filter { waiting.contains($0) && (tries < Self.tries || $0 == request.to) }
    let again: [MoveAction] =
      hosts.isEmpty ? [] : [.announce(entry, to: hosts), .setTimer(.acknowledgement, after: .seconds(1))]
    return again + settle(at: time)
  }

  /// How often an entry is sent again to hosts other than the destination.
  static var tries: Int { 5 }

  var lastStep: MoveStep { report.steps.last?.step ?? .approved }
}
