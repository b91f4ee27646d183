/// What the source's agent does for a move, in the order given. Only `journal` is waited for; all else is begun, and
/// its outcome is an event.
public enum MoveAction: Hashable, Sendable {
  /// On the disk before the next action begins.
  case journal(JournalRecord)
  /// Ask the destination to hold room and name, and to stage the VM's tap.
  case reserve
  /// In a thread of its own: the hypervisor moves the VM. `iteration`, `stopped`, then `completed` or `failed`.
  case startMigration
  /// End the hypervisor's job; the call then fails, and the VM runs on here.
  case abortMigration
  /// Fence the VM's tap here whatever the map says, and keep it (`LocalPhases.fence`).
  case fence
  /// The map alone decides about the tap again: where it names another host, the tap goes (`LocalPhases.clear`).
  case unfence
  /// Send frames that still come for the VM after it, once the map names another host, until `endForwarding`.
  case forwardLateFrames
  /// Merge the entry into the own map and program the own fabric. Then send it to the first of the hosts, and to the
  /// others without waiting for its answer. Each that has programmed it: `acknowledged`.
  case announce(FabricEntry, to: [String])
  case endForwarding
  case readSource(MoveQuery)
  /// Let the VM run on at the source; then as `readSource`.
  case resumeSource(MoveQuery)
  /// The VM is at the destination: kill any copy here, whatever it does, and undefine it; then as
  /// `readSource`.
  case removeSource(MoveQuery)
  case askDestination(MoveQuery)
  /// Let the VM run at the destination, which has all its memory; then as `askDestination`.
  case activateDestination(MoveQuery)
  /// End the reservation. The destination kills the copy it has, unless that runs and the map names the destination:
  /// then it keeps it and answers as `askDestination`. An agent that knows nothing of the move answers likewise.
  case release(MoveQuery)
  case setTimer(MoveTimer, after: Duration)
  case cancelTimer(MoveTimer)
  /// `Move.report` has a new step.
  case report(MoveStep)
  /// `Move.report` has the result, which stands. What is left is cleaning.
  case conclude(MoveResult)
  /// The operator cancelled too late: the VM has stood still already, and the move ends as it may.
  case refuseCancel
  /// Forget the move.
  case finish
}
