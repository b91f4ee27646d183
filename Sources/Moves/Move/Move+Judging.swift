internal import Model

/// Who has the VM, when the hypervisor's call didn't end well or its end wasn't seen.
extension Move {
  mutating func judge(_ reason: String) -> [MoveAction] {
    enter(.judging)
    failure = reason
    return [.cancelTimer(.copying), .readSource(query), .setTimer(.retry, after: Self.retryInterval)]
  }

  mutating func learn(_ state: SourceState, at time: Timestamp) -> [MoveAction] {
    switch phase {
    case .judging:
      source = state
      switch state {
      // Nobody waits for this job any more.
      case .running(isMigrating: true) where !isFlipped: return [.abortMigration]
      case .running(isMigrating: true), .paused(isMigrating: true): return []
      // Never fenced: this one has been the VM all the time, whatever the destination has.
      case .running where !isFlipped: return keepSource(at: time)
      // The hypervisor could let it run on while the destination is asked.
      case .paused where !isFlipped && !isFenced:
        return fence() + [.readSource(query)]
      case .running, .paused, .off: return [.askDestination(query)]
      }
    case .reopening:
      switch state {
      case .running: return end(.rolledBack, failure, releasing: false, at: time)
      case .paused: return request.isPaused ? end(.rolledBack, failure, releasing: false, at: time) : []
      case .off: return lose(at: time)
      }
    case .arriving:
      guard state == .off else { return [] }
      isRemoved = true
      return [.cancelTimer(.retry)] + unfence() + settle(at: time)
    default: return []
    }
  }

  mutating func learn(_ state: DestinationState, at time: Timestamp) -> [MoveAction] {
    switch (phase, state) {
    case (.judging, .running):
      return source == nil ? [] : arrive(at: time)
    case (.judging, .paused) where source == .off:
      return request.isPaused ? arrive(at: time) : [.activateDestination(query)]
    case (.judging, .absent) where source == .off:
      return lose(at: time)
    case (.judging, .paused), (.judging, .absent):
      return source == nil ? [] : reclaim()
    // It began to run after all, before it was told to let go.
    case (.reclaiming, .running):
      return arrive(at: time)
    // Its memory still comes in, or the answer isn't needed: the timer asks again.
    default:
      return []
    }
  }

  /// The destination doesn't run the VM and the source can. Nothing is opened before the destination has let go.
  mutating func reclaim() -> [MoveAction] {
    enter(.reclaiming)
    return [.release(query), .setTimer(.retry, after: Self.retryInterval)]
  }

  mutating func released(at time: Timestamp) -> [MoveAction] {
    switch phase {
    case .reclaiming:
      isReleased = true
      return reopen(at: time)
    case .releasing:
      isReleased = true
      return [.cancelTimer(.retry)] + settle(at: time)
    default: return []
    }
  }

  mutating func reopen(at time: Timestamp) -> [MoveAction] {
    enter(.reopening)
    return nameSource(at: time) + unfence() + [
      request.isPaused ? .readSource(query) : .resumeSource(query),
      .setTimer(.retry, after: Self.retryInterval),
    ]
  }

  /// Names the source again where the destination was named.
  mutating func nameSource(at time: Timestamp) -> [MoveAction] {
    guard isFlipped else { return [] }
    let entry = entry.raised(to: request.from)
    let end = forwarding == .none ? [] : [MoveAction.endForwarding, .cancelTimer(.forwarding)]
    (isFlipped, isAnnounced, forwarding) = (false, true, .none)
    return end + [record(.stopped, epoch: entry.epoch, at: time)] + announce(entry)
  }
}
