import Moves

/// What libvirt does at both ends of a migration (peer to peer, protocol version 3): prepare, copy, stop, finish,
/// confirm. After the finish the source may run on where the answer was lost.
struct Hypervisors: Hashable {
  enum Copy: Hashable {
    case off
    case running
    case paused
    /// Of the destination: its memory isn't complete.
    case incoming
  }

  enum Job: Hashable {
    case none
    case copying
    /// The source stands still, the last pages are on their way.
    case stopped
    /// The destination runs, its answer is on its way.
    case finished
  }

  var source = Copy.running
  var destination = Copy.off
  var job = Job.none
  /// An agent that is still the same waits for the call to return.
  var hasCaller = false
  var isAbortAsked = false
  /// The source's call has failed, but its request to finish still comes to the destination.
  var isFinishLate = false
  /// The source's daemon has yet to let the guest run on.
  var isResumeLate = false
  /// The destination's host has moved the VM on to "c".
  var isElsewhere = false
  var isSourceUp = true
  var isDestinationUp = true
  /// The source was stopped by the migration: from here on there are two versions of the VM.
  var hasStopped = false
  /// A process with the VM was killed.
  var wasKilled = false

  /// The source's answer to a question.
  var sourceState: SourceState? {
    guard isSourceUp else { return nil }
    return switch source {
    case .running: .running(isMigrating: job != .none)
    case .paused: .paused(isMigrating: job != .none)
    case .off, .incoming: .off
    }
  }

  var destinationState: DestinationState? {
    guard isDestinationUp else { return nil }
    return switch destination {
    case .off: .absent
    case .incoming: .incoming
    case .paused: .paused
    case .running: .running
    }
  }

  /// The job ends, and the source runs if it can.
  mutating func fail(isResumeLate: Bool = false) {
    isFinishLate = job == .stopped && destination == .incoming
    job = .none
    isAbortAsked = false
    guard source == .paused else { return }
    if isResumeLate { self.isResumeLate = true } else { source = .running }
  }

  /// What the destination's hypervisor does with a copy whose source has gone.
  var isOrphaned: Bool { (destination == .incoming || destination == .paused) && job == .none && isDestinationUp }
}
