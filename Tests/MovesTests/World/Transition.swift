import Moves

extension World {
  /// One thing that can happen next.
  enum Transition: Hashable {
    case act
    case tellSource
    case deliver(Message)
    case lose(Message)
    case double(Message)
    case timer(MoveTimer)
    case lease
    case exchange
    case cancel
    case iterate
    case abort
    case stop
    case finish
    case finishPaused
    case confirm
    case failJob
    case dropOrphan
    case finishLate
    case resumeLate
    case moveOn
    case killSourceProcess
    case killDestinationProcess
    case killSourceAgent
    case restartSourceAgent
    case killDestinationAgent
    case restartDestinationAgent
    case killSourceHypervisor
    case restartSourceHypervisor
    case killDestinationHypervisor
    case restartDestinationHypervisor
    case cut
    case heal
  }

  /// - Parameter isHealing: nothing goes wrong any more, and what is broken is mended.
  func transitions(isHealing: Bool = false) -> [Transition] {
    var all: [Transition] = []
    if isHealing {
      if source.isUp, !source.actions.isEmpty { return [.act] }
      if !isLinked { all.append(.heal) }
      if !source.isUp { all.append(.restartSourceAgent) }
      if !destination.isUp { all.append(.restartDestinationAgent) }
      if !hypervisors.isSourceUp { all.append(.restartSourceHypervisor) }
      if !hypervisors.isDestinationUp { all.append(.restartDestinationHypervisor) }
      if !all.isEmpty { return all }
    } else {
      all += mishaps
    }
    // What an agent has begun, it does without waiting for others; it may die in between.
    if source.isUp, !source.actions.isEmpty { return [.act] + all.filter { $0 == .killSourceAgent } }
    if source.isUp, !source.events.isEmpty { all.append(.tellSource) }
    for letter in messages where isLinked || !letter.message.crossesTheCut { all.append(.deliver(letter.message)) }
    all += ofHypervisors
    if all.isEmpty || budget.timers > 0 {
      if source.isUp { all += MoveTimer.allCases.filter(source.timers.contains).map(Transition.timer) }
      if destination.isUp, destination.isTimed { all.append(.lease) }
    }
    return all
  }

  private var ofHypervisors: [Transition] {
    var all: [Transition] = []
    switch hypervisors.job {
    case .none: break
    case .copying:
      if hypervisors.isSourceUp {
        all.append(hypervisors.isAbortAsked ? .abort : .stop)
        if budget.refusals > 0 { all.append(.iterate) }
      }
    case .stopped:
      if hypervisors.isSourceUp, hypervisors.isDestinationUp, isLinked, hypervisors.destination == .incoming {
        all.append(.finish)
        if budget.failures > 0 { all.append(.finishPaused) }
      }
    case .finished:
      if hypervisors.isSourceUp, isLinked { all.append(.confirm) }
    }
    // Its keepalive ends a job whose other end is gone.
    if hypervisors.job != .none, hypervisors.isSourceUp,
      budget.failures > 0 || !isLinked || !hypervisors.isDestinationUp || hypervisors.destination == .off
    {
      all.append(.failJob)
    }
    if hypervisors.isOrphaned {
      all.append(.dropOrphan)
      if hypervisors.isFinishLate { all.append(.finishLate) }
    }
    if hypervisors.isResumeLate, hypervisors.isSourceUp { all.append(.resumeLate) }
    if budget.onwardMoves > 0, destination.isUp, destination.move == nil, hypervisors.destination == .running,
      hypervisors.job == .none, destination.map["vm"]?.host == "b"
    {
      all.append(.moveOn)
    }
    return all
  }

  private var mishaps: [Transition] {
    var all: [Transition] = []
    func add(_ transition: Transition, if condition: Bool) { if condition { all.append(transition) } }
    add(.killSourceAgent, if: source.isUp && budget.sourceAgentDeaths > 0)
    add(.restartSourceAgent, if: !source.isUp)
    add(.killDestinationAgent, if: destination.isUp && budget.destinationAgentDeaths > 0)
    add(.restartDestinationAgent, if: !destination.isUp)
    add(.killSourceHypervisor, if: hypervisors.isSourceUp && budget.sourceHypervisorDeaths > 0)
    add(.restartSourceHypervisor, if: !hypervisors.isSourceUp)
    add(.killDestinationHypervisor, if: hypervisors.isDestinationUp && budget.destinationHypervisorDeaths > 0)
    add(.restartDestinationHypervisor, if: !hypervisors.isDestinationUp)
    add(.cut, if: isLinked && budget.cuts > 0)
    add(.heal, if: !isLinked)
    add(.killSourceProcess, if: hypervisors.source != .off && budget.processDeaths > 0)
    add(.killDestinationProcess, if: hypervisors.destination != .off && budget.processDeaths > 0)
    add(.cancel, if: source.isUp && source.move != nil && budget.cancels > 0)
    for letter in messages {
      add(.lose(letter.message), if: budget.losses > 0)
      add(.double(letter.message), if: budget.doubles > 0 && letter.count == 1)
    }
    return all
  }
}
