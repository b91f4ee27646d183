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
    var move = Move(last.request, entry: entry)
    // What was sent last may be known to hosts that can't be asked now. Whatever is announced from here on is newer.
    move.entry.epoch = max(entry.epoch, epoch)
    for record in records { _ = move.report.add(record.step, at: record.time) }
    (move.isFlipped, move.isFenced) = (isFenced, isFenced)
    move.failure = "the agent of \(last.request.from) was restarted during the move"
    let isHandedOver = entry.host != last.request.from && entry.epoch > epoch
    let actions = move.goOn(after: last, isHandedOver: isHandedOver, at: time)
    return (move, actions)
  }

  /// - Parameter isHandedOver: the epoch was raised by another than this move: the destination has been the VM's
  ///   owner since.
  private mutating func goOn(after last: JournalRecord, isHandedOver: Bool, at time: Timestamp) -> [MoveAction] {
    let fence: [MoveAction] = isFlipped ? [.fence] : []
    switch last.result {
    case .done: return fence + clean(at: time)
    case nil where isHandedOver: return fence + clean(at: time)
    case .rolledBack:
      failure = last.reason
      return fence + reopen(at: time)
    case .cancelled, .failed:
      return nameSource(at: time) + unfence() + end(last.result ?? .failed, last.reason, releasing: true, at: time)
    case nil where last.step == .approved: return end(.failed, failure, releasing: true, at: time)
    case nil: return fence + judge(failure)
    }
  }

  /// The destination has taken the VM over for good; its entry is no more this move's to raise.
  private mutating func clean(at time: Timestamp) -> [MoveAction] {
    enter(.arriving)
    let steps = [MoveStep.active, .networkUpdated].flatMap { reach($0, at: time) }
    return steps + [.removeSource(query), .setTimer(.retry, after: Self.retryInterval)]
  }
}
