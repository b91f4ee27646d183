public import Model

/// A live move as the destination's agent sees it: from the reservation until the VM is this host's, or nothing is
/// left of it.
///
/// The same rule as for `Move`: the copy here has the network, and stays, if and only if the map names this host.
public struct IncomingMove: Hashable, Sendable {
  public let request: MoveRequest
  /// The VM's entry when it was reserved: it names the source. A higher one that doesn't name this host ends the move.
  public let entry: FabricEntry
  public private(set) var isOver = false
  /// The map names this host.
  public private(set) var isNamed = false
  public private(set) var state = DestinationState.absent

  public init(_ request: MoveRequest, entry: FabricEntry) {
    self.request = request
    self.entry = entry
  }

  /// After the agent has died: what was staged is staged again, and the hypervisor is asked.
  /// - Returns: nil without records of a destination. A reservation that has been granted twice is one.
  public static func recovered(
    from records: [JournalRecord], entry: FabricEntry, at time: Timestamp
  ) -> (move: IncomingMove, actions: [IncomingMoveAction])? {
    guard let first = records.first, first.role == .destination else { return nil }
    var reserved = entry
    (reserved.epoch, reserved.host) = (first.epoch, first.request.from)
    var move = IncomingMove(first.request, entry: reserved)
    let named = move.handle(.named(entry), at: time)
    return (move, [.hold, .stage, .setTimer(after: lease)] + named + (move.isOver ? [] : [.readDomain]))
  }

  /// Tells the move what happened.
  /// - Returns: what is to be done, in that order.
  public mutating func handle(_ event: IncomingMoveEvent, at time: Timestamp) -> [IncomingMoveAction] {
    guard !isOver else { return event == .releaseAsked ? [.answer(isReleased: state != .running)] : [] }
    switch event {
    case .accepted:
      return [.journal(record(isClosed: false, at: time)), .hold, .stage, .grant, .setTimer(after: Self.lease)]
    case .domain(let state):
      self.state = state
      return settle(at: time)
    case .named(let entry):
      guard entry.vm == request.vm, entry.supersedes(self.entry) else { return [] }
      isNamed = entry.host == request.to
      return isNamed ? settle(at: time) : drop(at: time)
    case .releaseAsked:
      if isNamed, state == .running { return [.answer(isReleased: false)] }
      return drop(at: time) + [.answer(isReleased: true)]
    case .leaseEnded:
      // A source that has gone for good would keep room held. Its hypervisor can't begin any more without the tap.
      return state == .absent ? drop(at: time) : [.readDomain, .setTimer(after: Self.lease)]
    }
  }

  private mutating func settle(at time: Timestamp) -> [IncomingMoveAction] {
    guard isNamed, state == .running || state == .paused && request.isPaused else { return [] }
    isOver = true
    return [.unstage, .journal(record(isClosed: true, at: time)), .finish]
  }

  private mutating func drop(at time: Timestamp) -> [IncomingMoveAction] {
    (isOver, state) = (true, .absent)
    return [.destroyDomain, .unstage, .unhold, .journal(record(isClosed: true, at: time)), .finish]
  }

  private func record(isClosed: Bool, at time: Timestamp) -> JournalRecord {
    JournalRecord(
      role: .destination, request: request, step: isClosed && isNamed ? .active : .reserved, epoch: entry.epoch,
      result: isClosed ? (state == .absent ? .failed : .done) : nil, isClosed: isClosed, at: time)
  }

  /// How long room is held for a VM of which nothing is seen.
  public static var lease: Duration { .seconds(60) }
}

/// What the destination's agent tells a move that comes in.
public enum IncomingMoveEvent: Hashable, Sendable {
  /// The source asks for a reservation, and nothing speaks against it.
  case accepted
  /// What the hypervisor here says of the VM, whenever it changes and in answer to `readDomain`.
  case domain(DestinationState)
  /// The map has a new entry of the VM, from whomever.
  case named(FabricEntry)
  /// The source asks to let go. The state of the domain has been read just before, and told.
  case releaseAsked
  case leaseEnded
}

/// What the destination's agent does for a move that comes in. All of it may be done twice.
public enum IncomingMoveAction: Hashable, Sendable {
  /// On the disk before the next action begins.
  case journal(JournalRecord)
  /// Room and name are held against other moves.
  case hold
  case unhold
  /// The VM's tap is made, fenced until the map names this host.
  case stage
  /// The map alone decides about the tap from here on.
  case unstage
  /// Tell the source that it is reserved; after the tap is there.
  case grant
  case readDomain
  /// Kill and undefine the copy here, if there is one. Waited for.
  case destroyDomain
  /// Tell the source that the copy is gone, or (false) that it runs and stays.
  case answer(isReleased: Bool)
  /// Then `leaseEnded`; setting it again replaces it.
  case setTimer(after: Duration)
  /// Forget the move. What the VM takes counts as its own now.
  case finish
}
