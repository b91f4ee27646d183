import Moves

/// The agent of host "b".
struct DestinationAgent: Hashable {
  var isUp = true
  var map = FabricMap([World.first])
  var phases = LocalPhases()
  var kernel = Kernel(host: "b", map: FabricMap([World.first]), phases: LocalPhases())
  var move: IncomingMove?
  var isTimed = false
  var isHeld = false
  var journal: [JournalRecord] = []

  mutating func program() {
    kernel = Kernel(host: "b", map: map, phases: phases)
  }
}

extension World {
  mutating func tellDestination(_ event: IncomingMoveEvent, query: MoveQuery? = nil) {
    guard destination.isUp, var move = destination.move else { return }
    let actions = move.handle(event, at: Self.now)
    destination.move = move
    actAtDestination(actions, query: query)
  }

  private mutating func actAtDestination(_ actions: [IncomingMoveAction], query: MoveQuery?) {
    for action in actions {
      switch action {
      case .journal(let record): destination.journal.append(record)
      case .hold: destination.isHeld = true
      case .unhold: destination.isHeld = false
      case .stage:
        destination.phases.stage("vm")
        destination.program()
      case .unstage:
        destination.phases.clear("vm")
        destination.program()
      case .grant: send(.reserved)
      case .readDomain:
        if let state = hypervisors.destinationState { tellDestination(.domain(state)) }
      case .destroyDomain: destroyAtDestination()
      case .answer(let isReleased):
        guard let query else { continue }
        send(isReleased ? .released(query) : .answer(.running, query))
      case .setTimer: destination.isTimed = true
      case .finish:
        destination.move = nil
        destination.isTimed = false
        destination.isHeld = false
      }
    }
  }

  private mutating func destroyAtDestination() {
    if hypervisors.destination == .running, hypervisors.job == .none { hypervisors.destination = .off }
    guard hypervisors.destination != .off else { return }
    hypervisors.destination = .off
    // The source's hypervisor notices.
    if hypervisors.job != .none {
      hypervisors.fail()
      returnToCaller(.failed(reason: "the destination has gone"))
    }
  }

  mutating func receiveAtDestination(_ message: Message) {
    guard destination.isUp else { return }
    switch message {
    case .reserve(let entry):
      if destination.move?.request == Self.request { return send(.reserved) }
      guard let known = hypervisors.destinationState else { return }
      guard known == .absent, destination.map["vm"]?.supersedes(entry) != true else { return send(.refused) }
      destination.move = IncomingMove(Self.request, entry: entry)
      tellDestination(.accepted)
    case .announce(let entry, _):
      nameAtDestination(entry)
      send(.acknowledged("b", epoch: entry.epoch))
    case .ask(let query):
      if let state = hypervisors.destinationState { send(.answer(state, query)) }
    case .activate(let query):
      guard hypervisors.isDestinationUp else { return }
      if hypervisors.destination == .paused, hypervisors.job == .none { startAtDestination() }
      if let state = hypervisors.destinationState { send(.answer(state, query)) }
    case .release(let query):
      guard let state = hypervisors.destinationState else { return }
      if destination.move != nil {
        tellDestination(.domain(state))
      }
      if destination.move != nil { return tellDestination(.releaseAsked, query: query) }
      send(state == .running ? .answer(.running, query) : .released(query))
    default: break
    }
  }

  mutating func nameAtDestination(_ entry: FabricEntry) {
    guard destination.isUp, destination.map.merge(entry) else { return }
    destination.program()
    tellDestination(.named(entry))
    claimAtDestination()
  }

  /// The copy at the destination begins to run.
  mutating func startAtDestination() {
    hypervisors.destination = .running
    guard destination.isUp, hypervisors.isDestinationUp else { return }
    tellDestination(.domain(.running))
    send(.resumed)
  }

  mutating func restartDestination() {
    destination.isUp = true
    destination.map = FabricMap([Self.first])
    if isLinked {
      destination.map.merge(others)
      if source.isUp { destination.map.merge(source.map) }
    }
    for records in JournalRecord.open(destination.journal) {
      guard let entry = destination.map["vm"],
        let (move, actions) = IncomingMove.recovered(from: records, entry: entry, at: Self.now)
      else { continue }
      destination.move = move
      actAtDestination(actions, query: nil)
    }
    claimAtDestination()
    destination.program()
  }

  mutating func claimAtDestination() {
    guard destination.isUp, destination.move == nil, hypervisors.isDestinationUp, hypervisors.destination == .running
    else { return }
    destination.map.claim("vm", by: "b")
    destination.program()
  }
}
