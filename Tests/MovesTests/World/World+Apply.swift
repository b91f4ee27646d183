import Moves

extension World {
  func after(_ transition: Transition) -> World {
    var world = self
    world.apply(transition)
    world.observe()
    return world
  }

  mutating func apply(_ transition: Transition) {
    switch transition {
    case .act: actAtSource()
    case .tellSource:
      let event = source.events.removeFirst()
      // An agent that is so late doesn't tell it.
      if event != .stopped || hypervisors.source == .paused { source.handle(event) }
    case .deliver(let message):
      take(message)
      deliver(message)
    case .lose(let message):
      take(message)
      budget.losses -= 1
    case .double(let message):
      send(message)
      budget.doubles -= 1
    case .timer(let timer):
      if budget.timers > 0 { budget.timers -= 1 }
      source.timers.remove(timer)
      source.handle(.timer(timer))
    case .lease:
      if budget.timers > 0 { budget.timers -= 1 }
      destination.isTimed = false
      if let state = hypervisors.destinationState { tellDestination(.domain(state)) }
      // An agent whose hypervisor doesn't answer can't end anything.
      if hypervisors.isDestinationUp { tellDestination(.leaseEnded) }
      else { destination.isTimed = destination.move != nil }
    case .exchange: exchange()
    case .cancel:
      budget.cancels -= 1
      source.handle(.cancelled(by: "root"))
    default: applyToMachines(transition)
    }
  }

  private mutating func take(_ message: Message) {
    guard let place = messages.firstIndex(where: { $0.message == message }) else { return }
    messages[place].count -= 1
    if messages[place].count == 0 { messages.remove(at: place) }
  }

  private mutating func deliver(_ message: Message) {
    switch message {
    case .announce(let entry, to: "c"):
      others.merge(entry)
      send(.acknowledged("c", epoch: entry.epoch))
    case .reserve, .announce, .ask, .activate, .release: receiveAtDestination(message)
    case .reserved: source.handle(.reserved)
    case .refused: source.handle(.refused(reason: "no room"))
    case .acknowledged(let host, let epoch): source.handle(.acknowledged(host: host, epoch: epoch))
    case .answer(let state, let query):
      if state == .absent { source.merge(destination.map) }
      source.handle(.destination(state, query))
    case .released(let query): source.handle(.released(query))
    case .resumed: source.handle(.resumed)
    }
  }

  /// All agents that can, exchange their maps, as on connecting and every minute.
  mutating func exchange() {
    if source.isUp, source.actions.isEmpty {
      others.merge(source.map)
      source.merge(others)
      claimAtSource()
      others.merge(source.map)
    }
    guard isLinked, destination.isUp else { return }
    if let entry = others["vm"] { nameAtDestination(entry) }
    claimAtDestination()
    others.merge(destination.map)
    if source.isUp, source.actions.isEmpty {
      source.merge(others)
    }
  }

  private mutating func applyToMachines(_ transition: Transition) {
    switch transition {
    case .iterate:
      budget.refusals -= 1
      source.events.append(.iteration(2))
    case .abort:
      hypervisors.fail()
      returnToCaller(.failed(reason: "aborted"))
    case .stop:
      hypervisors.source = .paused
      hypervisors.job = .stopped
      hypervisors.hasStopped = true
      if source.isUp { source.events.append(.stopped) }
    case .finish:
      hypervisors.job = .finished
      startAtDestination()
    case .finishPaused:
      budget.failures -= 1
      hypervisors.destination = .paused
      hypervisors.fail()
      returnToCaller(.failed(reason: "the destination can't run it"))
    case .confirm:
      hypervisors.job = .none
      hypervisors.source = .off
      returnToCaller(.completed)
    case .failJob:
      if budget.failures > 0 { budget.failures -= 1 }
      hypervisors.fail()
      returnToCaller(.failed(reason: "failed"))
    case .dropOrphan:
      hypervisors.destination = .off
      hypervisors.isFinishLate = false
    case .finishLate:
      hypervisors.isFinishLate = false
      startAtDestination()
    case .resumeLate:
      hypervisors.isResumeLate = false
      if hypervisors.source == .paused { hypervisors.source = .running }
    case .moveOn:
      budget.onwardMoves -= 1
      (hypervisors.destination, hypervisors.isElsewhere) = (.off, true)
      if let entry = destination.map["vm"]?.raised(to: "c") { destination.map.merge(entry) }
      others.merge(destination.map)
      destination.program()
    case .killSourceProcess:
      budget.processDeaths -= 1
      (hypervisors.source, hypervisors.wasKilled) = (.off, true)
      hypervisors.job = .none
      returnToCaller(.failed(reason: "the VM's process ended"))
    case .killDestinationProcess:
      budget.processDeaths -= 1
      (hypervisors.destination, hypervisors.wasKilled) = (.off, true)
      tellDestination(.domain(.absent))
    default: applyToDaemons(transition)
    }
  }

  private mutating func applyToDaemons(_ transition: Transition) {
    switch transition {
    case .killSourceAgent:
      budget.sourceAgentDeaths -= 1
      let (kernel, journal, results) = (source.kernel, source.journal, source.results)
      source = SourceAgent()
      (source.isUp, source.kernel, source.journal, source.results) = (false, kernel, journal, results)
      hypervisors.hasCaller = false
      // Answers find nobody who asked.
      messages = messages.filter { !$0.message.isAnswer }
    case .restartSourceAgent: restartSource()
    case .killDestinationAgent:
      budget.destinationAgentDeaths -= 1
      let (kernel, journal) = (destination.kernel, destination.journal)
      destination = DestinationAgent()
      (destination.isUp, destination.kernel, destination.journal) = (false, kernel, journal)
    case .restartDestinationAgent: restartDestination()
    case .killSourceHypervisor:
      budget.sourceHypervisorDeaths -= 1
      hypervisors.isSourceUp = false
      hypervisors.isAbortAsked = false
      // What it was about to tell is gone with it.
      source.events.removeAll { $0 == .stopped || $0 == .iteration(2) }
      returnToCaller(.failed(reason: "the connection was closed"))
    case .restartSourceHypervisor:
      hypervisors.isSourceUp = true
      // It doesn't know whether the destination had begun to run.
      if hypervisors.job != .none { hypervisors.fail(isResumeLate: true) }
    case .killDestinationHypervisor:
      budget.destinationHypervisorDeaths -= 1
      hypervisors.isDestinationUp = false
    case .restartDestinationHypervisor:
      hypervisors.isDestinationUp = true
      if hypervisors.destination == .incoming { hypervisors.destination = .off }
      if let state = hypervisors.destinationState { tellDestination(.domain(state)) }
    case .cut:
      budget.cuts -= 1
      isLinked = false
    case .heal:
      isLinked = true
      exchange()
    default: break
    }
  }
}

extension World.Message {
  /// To a question of the source's agent.
  var isAnswer: Bool {
    switch self {
    case .reserved, .refused, .acknowledged, .answer, .released: true
    default: false
    }
  }
}
