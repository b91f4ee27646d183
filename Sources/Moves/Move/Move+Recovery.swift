public import Model

/// After the agent has died: what it finds in its journal is gone on with.
extension Move {
  /// - Parameters:
  ///   - records: of one move, oldest first (`JournalRecord.open`).
  ///   - entry: the VM's, once the peers that can be reached have been asked for theirs.
  ///   - isFenced: whether the kernel here sends the VM's frames elsewhere (the VM's bridge entry isn't on its
  ///     tap), read before the fabric was touched. That outlives the agent and comes before any message to others: if
  ///     it isn't so, no flip was sent. True where in doubt.
  ///   - time: now.
  /// - Returns: the move and what it does first; nil without records of a source.
  public static func recovered(
    from records: [JournalRecord], entry: FabricEntry, isFenced: Bool, at time: Timestamp
  ) -> (move: Move, actions: [MoveAction])? {
    guard let last = records.last, last.role == .source else { return nil }
    let epoch = records.map(\.epoch).max() ?? 0
    let isNamedBack = JournalRecord.epochOfReturn(records) != nil
    var move = Move(last.request, entry: entry)
    // What was sent last may be known to hosts that can't be asked now. What names the source again is newer.
    move.entry.epoch = max(entry.epoch, epoch)
    if !isNamedBack, move.entry.epoch == epoch { move.flipEpoch = epoch }
    for record in records { _ = move.report.add(record.step, at: record.time) }
    (move.isFlipped, move.isFenced) = (isFenced || isNamedBack, isFenced)
    move.failure = "the agent of \(last.request.from) was restarted during the move"
    let owner = entry.epoch > epoch ? entry.host : nil
    let actions = (isFenced ? [.fence] : []) + move.goOn(after: last, owner: owner, isNamedBack, at: time)
    return (move, actions)
  }

  /// - Parameters:
  ///   - owner: of the VM, where the epoch was raised by another than this move, which has nothing to announce then.
  ///   - isNamedBack: the destination had let go, and the source was to be named again.
  private mutating func goOn(
    after last: JournalRecord, owner: String?, _ isNamedBack: Bool, at time: Timestamp
  ) -> [MoveAction] {
    switch last.result {
    case .done: return clean(at: time)
    case nil where owner != nil && owner != request.from: return clean(at: time)
    case .some(let result) where owner != nil:
      return unfence() + end(result, last.reason, releasing: result != .rolledBack, at: time)
    case .cancelled, .failed:
      return nameSource(at: time) + unfence() + end(last.result ?? .failed, last.reason, releasing: true, at: time)
    case .rolledBack:
      failure = last.reason
      return reopen(at: time)
    case nil where isNamedBack: return reopen(at: time)
    case nil where last.step == .approved: return end(.failed, failure, releasing: true, at: time)
    case nil: return judge(failure)
    }
  }

  /// An entry that this move hasn't made.
  mutating func named(_ entry: FabricEntry, at time: Timestamp) -> [MoveAction] {
    guard entry.vm == request.vm, entry.epoch > self.entry.epoch else { return [] }
    // The source's own, as where the VM's addresses have changed.
    if !isPastReturn, entry.host == request.from {
      self.entry = entry
      return []
    }
    switch phase {
    case .migrating, .judging: return clean(at: time)
    case .arriving:
      (waiting, self.entry) = ([], entry)
      return settle(at: time)
    default: return []
    }
  }

  /// The destination has taken the VM over for good; its entry is no more this move's to raise.
  private mutating func clean(at time: Timestamp) -> [MoveAction] {
    enter(.arriving)
    waiting = []
    let steps = [MoveStep.active, .networkUpdated].flatMap { reach($0, at: time) }
    return steps + [.removeSource(query), .setTimer(.retry, after: Self.retryInterval)]
  }
}
