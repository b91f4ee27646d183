/// What the source's agent tells a move that it owns. Any may come late, twice, never or in another order.
public enum MoveEvent: Hashable, Sendable {
  /// Begin.
  case approved
  /// The destination holds all that the VM needs.
  case reserved
  /// The destination refuses, and holds nothing.
  case refused(reason: String)
  /// The hypervisor begins its nth pass over the memory.
  case iteration(Int)
  /// The hypervisor has stopped the VM at the source in order to copy the rest (SUSPENDED/MIGRATED): the moment for the
  /// flip. True when it is told: an agent that comes to it late, say a second after it happened, reads the state first,
  /// and doesn't tell it of a VM that runs again.
  case stopped
  /// The call that migrates returned well: the VM runs at the destination and is gone here.
  case completed
  /// The call that migrates returned an error. It doesn't say where the VM runs.
  case failed(reason: String)
  /// The destination's agent says that the VM runs there.
  case resumed
  /// A host has programmed an entry of that epoch.
  case acknowledged(host: String, epoch: UInt64)
  /// The map has a newer entry of the VM, from whomever. Told at once; and before the answer `absent` to a question the
  /// destination's map is asked for: it may have moved the VM on.
  case named(FabricEntry)
  /// Somebody, by name, doesn't want it any more; empty: who isn't known.
  case cancelled(by: String)
  /// The answer to `readSource`, `resumeSource` and `removeSource`. None where the hypervisor doesn't answer.
  case source(SourceState, MoveQuery)
  /// The answer to `askDestination` and `activateDestination`, and to `release` where the destination keeps the VM.
  /// None where it can't be reached, or can't reach its own hypervisor.
  case destination(DestinationState, MoveQuery)
  /// The answer to `release`: the VM doesn't run at the destination and won't, nothing is held or staged there.
  case released(MoveQuery)
  case timer(MoveTimer)
}

/// What the source's hypervisor says of the VM.
public enum SourceState: Hashable, Sendable {
  /// `isMigrating`: a migration's job is on. The call that began it may be that of an agent which has died.
  case running(isMigrating: Bool)
  /// By the migration or by someone else.
  case paused(isMigrating: Bool)
  /// There is no process with the VM's memory; it may be defined.
  case off
}

/// What the destination's hypervisor says of the VM.
public enum DestinationState: Hashable, Sendable {
  case running
  /// It stands still with all its memory, and no job is on.
  case paused
  /// Its memory is still arriving, or the job hasn't ended.
  case incoming
  /// There is none, or it is off.
  case absent
}

/// Ties an answer to its question: the move ignores answers to questions that matter no more.
public struct MoveQuery: Hashable, Sendable {
  var number: Int

  init(number: Int) {
    self.number = number
  }
}

/// Each can be set once at a time; setting it again replaces it.
public enum MoveTimer: Hashable, Sendable, CaseIterable {
  /// The destination's answer to a reservation.
  case reservation
  /// The limit of the request.
  case copying
  /// The next try of what had no answer.
  case retry
  /// The hosts' answers to an entry.
  case acknowledgement
  /// The end of sending late frames after the VM.
  case forwarding
}
