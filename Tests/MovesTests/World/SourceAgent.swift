import Moves

/// The agent of host "a". What isn't in the journal or in the kernel is gone when it dies.
struct SourceAgent: Hashable {
  var isUp = true
  var map = FabricMap([World.first])
  var phases = LocalPhases()
  var kernel = Kernel(host: "a", map: FabricMap([World.first]), phases: LocalPhases())
  var move: Move?
  var actions: [MoveAction] = []
  var timers: Set<MoveTimer> = []
  var events: [MoveEvent] = []
  var journal: [JournalRecord] = []
  var results: [MoveResult] = []

  mutating func program() {
    kernel = Kernel(host: "a", map: map, phases: phases)
  }

  /// Takes over what others have sent.
  mutating func merge(_ other: FabricMap) {
    guard isUp else { return }
    for entry in map.merge(other) { handle(.named(entry)) }
    program()
  }

  mutating func handle(_ event: MoveEvent) {
    guard isUp, var move else { return }
    actions += move.handle(event, at: World.now)
    self.move = move
  }
}

extension World {
  static let request = MoveRequest(identifier: "1", vm: "vm", from: "a", to: "b", peers: ["b", "c"])

  /// Carries the first of the agent's actions out.
  mutating func actAtSource() {
    let action = source.actions.removeFirst()
    switch action {
    case .journal(let record): source.journal.append(record)
    case .reserve: send(.reserve(Self.first))
    case .startMigration: startMigration()
    case .abortMigration:
      if hypervisors.isSourceUp, hypervisors.job == .copying { hypervisors.isAbortAsked = true }
    case .fence:
      source.phases.fence("vm")
      source.program()
    case .unfence:
      source.phases.clear("vm")
      source.program()
    case .announce(let entry, let hosts):
      source.map.merge(entry)
      source.program()
      for host in hosts { send(.announce(entry, to: host)) }
    case .forwardLateFrames: source.phases.forwardLateFrames(of: "vm")
    case .endForwarding: source.phases.endForwarding(of: "vm")
    case .readSource(let query): answerOfSource(query)
    case .resumeSource(let query):
      if hypervisors.isSourceUp, hypervisors.source == .paused, hypervisors.job == .none {
        hypervisors.source = .running
      }
      answerOfSource(query)
    case .removeSource(let query):
      if hypervisors.isSourceUp {
        hypervisors.source = .off
        hypervisors.job = .none
      }
      answerOfSource(query)
    case .askDestination(let query): send(.ask(query))
    case .activateDestination(let query): send(.activate(query))
    case .release(let query): send(.release(query))
    case .setTimer(let timer, _): source.timers.insert(timer)
    case .cancelTimer(let timer): source.timers.remove(timer)
    case .report, .refuseCancel: break
    case .conclude(let result): source.results.append(result)
    case .finish:
      source.move = nil
      source.timers = []
    }
  }

  private mutating func answerOfSource(_ query: MoveQuery) {
    if let state = hypervisors.sourceState { source.handle(.source(state, query)) }
  }

  private mutating func startMigration() {
    hypervisors.hasCaller = true
    guard hypervisors.isSourceUp, hypervisors.isDestinationUp, isLinked, hypervisors.source == .running,
      hypervisors.destination == .off, destination.kernel.hasTap, hypervisors.job == .none
    else { return returnToCaller(.failed(reason: "can't begin")) }
    hypervisors.job = .copying
    hypervisors.destination = .incoming
  }

  /// The call ends: its caller, if it is still there, learns it after the events before.
  mutating func returnToCaller(_ event: MoveEvent) {
    if hypervisors.hasCaller, source.isUp { source.events.append(event) }
    hypervisors.hasCaller = false
  }

  /// The agent is started again.
  mutating func restartSource() {
    source.isUp = true
    source.map = FabricMap([Self.first])
    source.map.merge(others)
    if isLinked, destination.isUp { source.map.merge(destination.map) }
    source.map.restore(from: source.journal)
    for records in JournalRecord.open(source.journal) {
      guard let entry = source.map["vm"],
        let (move, actions) = Move.recovered(
          from: records, entry: entry, isFenced: !source.kernel.isOpen, at: Self.now)
      else { continue }
      source.move = move
      source.actions = actions
      // Before the fabric is programmed from the map.
      if case .fence? = actions.first { source.phases.fence("vm") }
    }
    claimAtSource()
    source.program()
  }

  /// A VM that runs here and isn't on a move is here.
  mutating func claimAtSource() {
    guard source.isUp, source.move == nil, hypervisors.isSourceUp, hypervisors.source == .running else { return }
    source.map.claim("vm", by: "a")
    source.program()
  }
}
