import Moves

extension World {
  /// Nothing goes wrong any more, messages arrive before timers fire, and lost ones are sent again.
  /// - Returns: the world when nothing is left to do; nil if it doesn't come to that.
  func healed(_ generator: inout some RandomNumberGenerator) -> World? {
    var world = self
    world.budget = Budget()
    for _ in 0..<600 {
      var next = world.transitions(isHealing: true)
      if next.isEmpty || world.source.move == nil && next.allSatisfy(\.isTimer) && world.destination.move == nil {
        world.exchange()
        next = world.transitions(isHealing: true)
        if next.isEmpty { return world }
      }
      guard let transition = next.randomElement(using: &generator) else { return world }
      world = world.after(transition)
      if world.violation != nil { return world }
    }
    return nil
  }

  /// What is wrong where all is over.
  var remainder: [String] {
    var wrong: [String] = []
    func check(_ condition: Bool, _ text: String) { if !condition { wrong.append(text) } }
    let atSource = hypervisors.source == .running
    let atDestination = hypervisors.destination == .running
    check(!(atSource && atDestination), "it runs twice")
    check(atSource || atDestination || hypervisors.isElsewhere || hypervisors.wasKilled, "it is lost")
    check(!(atSource && hypervisors.isElsewhere), "it runs here and at a third host")
    check(source.move == nil && destination.move == nil, "a move is left")
    check(JournalRecord.open(source.journal).isEmpty, "the source's journal is open")
    check(JournalRecord.open(destination.journal).isEmpty, "the destination's journal is open")
    check(!destination.isHeld, "room is held")
    check(source.phases == LocalPhases() && destination.phases == LocalPhases(), "phases are left")
    check(source.map == others && destination.map == others, "the maps differ")
    if hypervisors.isElsewhere { check(others["vm"]?.host == "c", "the third host isn't named") }
    if atSource || atDestination {
      let host = atSource ? "a" : "b"
      check(others["vm"]?.host == host, "the map names another host")
      check((atSource ? source : nil)?.kernel.isOpen ?? destination.kernel.isOpen, "it has no network")
      check((atSource ? destination.kernel : source.kernel) == .none, "a tap is left")
    }
    check((hypervisors.source == .off) != atSource, "a copy at the source is neither off nor running")
    check((hypervisors.destination == .off) != atDestination, "a copy at the destination is neither off nor running")
    let result = source.journal.last?.result
    check(result == source.results.last, "the journal and the operator were told different things")
    // A process that was killed may have been after the end.
    if !hypervisors.wasKilled { check((result == .done) == !atSource, "the result isn't so") }
    return wrong
  }
}

extension Kernel {
  static let none = Kernel(host: "nobody", map: FabricMap(), phases: LocalPhases())
}

extension World.Transition {
  var isTimer: Bool {
    switch self {
    case .timer, .lease: true
    default: false
    }
  }
}
