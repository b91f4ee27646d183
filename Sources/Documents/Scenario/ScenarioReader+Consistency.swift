internal import Model

extension ScenarioReader {
  /// Refuses what can't be: times beyond the end, sites that are closed twice, applications without room.
  func check(_ scenario: Scenario, log: DiagnosticLog) {
    for (pattern, fields) in zip(scenario.applications, patternPlaces) { check(pattern, fields, in: scenario) }
    for (event, fields) in zip(scenario.events, eventPlaces) { check(event, fields, in: scenario) }
    checkSize(of: scenario, log: log)
    checkOpenings(of: scenario)
    checkRoom(of: scenario)
    checkWindows(of: scenario, log: log)
  }

  // MARK: - What can be played

  /// Decisions of a scenario, VMs of all applications, and pairs of a phase, at most.
  private static let most = (decisions: 10_000_000.0, vms: 1_000_000.0, pairs: 5_000_000.0, phases: 1_000_000.0)

  private func checkSize(of scenario: Scenario, log: DiagnosticLog) {
    if scenario.hours * 3600 / scenario.decideSeconds > Self.most.decisions {
      log.error(
        at: .start,
        "\(shortest(scenario.hours)) h are too long for a decision every \(shortest(scenario.decideSeconds)) s",
        hint: "at most ten million decisions: fewer `hours`, or more `decideSeconds`")
    }
    var vms = 0.0
    for (pattern, fields) in zip(scenario.applications, patternPlaces) {
      vms += Double(pattern.vms) * Double(pattern.count)
      let pairs = pattern.phases.reduce(0) { $0 + $1.pairCount(of: Double(pattern.vms)) } * Double(pattern.count)
      if vms > Self.most.vms || pairs > Self.most.pairs {
        fields.value.error(
          vms > Self.most.vms ? "makes more than a million VMs" : "makes more than five million pairs that talk",
          hint: "fewer VMs, or smaller groups")
        return
      }
    }
  }

  // MARK: - Applications

  private func check(_ pattern: Scenario.Pattern, _ fields: Fields, in scenario: Scenario) {
    let last = pattern.arrivesAtHours + Double(pattern.count - 1) * pattern.everyHours
    if last >= scenario.hours {
      fields.value.error(
        "\(quoted(pattern.name)) arrives after \(shortest(last)) h, when the scenario has ended",
        hint: "it lasts \(shortest(scenario.hours)) h (`hours`)")
    }
    if pattern.everyHours > 0, pattern.count == 1 {
      fields["everyHours"]?.error("says when the next one arrives, but there is only one", hint: "add `count`")
    }
    if pattern.workHours != nil, pattern.lastsHours != nil {
      fields["lastsHours"]?.error(
        "contradicts `workHours`: an application ends when its work is done, or after a time", hint: "remove one")
    }
    let isService = pattern.workHours == nil
    if isService, fields["checkpointHours"] != nil {
      fields["checkpointHours"]?.error("is of no use to a service, which has no work to be lost", hint: "remove it")
    }
    for (index, phase) in pattern.phases.enumerated() {
      if phase.structure == .groups, phase.groupSize > pattern.vms {
        fields.value.error(
          "phases[\(index)] has groups of \(phase.groupSize), but the application has \(pattern.vms) VMs",
          hint: "at most \(pattern.vms)")
      }
      if let hours = phase.hours, pattern.phases.count > 1, scenario.hours / hours > Self.most.phases {
        fields.value.error(
          "phases[\(index)] is too short for \(shortest(scenario.hours)) h: "
            + "they would change more than a million times",
          hint: "more `hours` for it")
      }
      if phase.hours == nil, index < pattern.phases.count - 1 {
        fields.value.error(
          "phases[\(index)] never ends, so that no phase after it begins", hint: "give it `hours`")
      }
    }
    for (index, name) in pattern.startsAt.enumerated() {
      guard let site = scenario.federation.sites.first(where: { $0.name == name }) else { continue }
      if site.hosts.isEmpty {
        fields["startsAt"]?.error("\(quoted(name)) has no hosts", hint: "name a site that has")
      } else if opening(of: name, in: scenario).map({ $0 > pattern.arrivesAtHours }) == true {
        fields["startsAt"]?.error(
          "[\(index)]: \(quoted(name)) isn't open yet when \(quoted(pattern.name)) arrives",
          hint: "it opens after \(shortest(opening(of: name, in: scenario) ?? 0)) h")
      }
    }
  }

  /// When a site that is closed at first opens; nil: it is open from the start.
  private func opening(of site: String, in scenario: Scenario) -> Double? {
    let first = scenario.events.filter { $0.site == site && $0.change.isOfOpenness }.min { $0.atHours < $1.atHours }
    return if case .opens = first?.change { first?.atHours } else { nil }
  }

  /// All VMs of applications that run at the same time have to find room, were all sites open.
  private func checkRoom(of scenario: Scenario) {
    let hosts = scenario.federation.sites.flatMap(\.hosts)
    let vcpus = hosts.reduce(0) { $0 + $1.vcpus }
    let memory = hosts.reduce(0) { $0 + ($1.memoryGiB ?? .infinity) }
    var used = (vcpus: 0.0, memory: 0.0)
    for (pattern, fields) in zip(scenario.applications, patternPlaces) {
      let fits = hosts.contains { $0.vcpus >= pattern.vcpus && ($0.memoryGiB ?? .infinity) >= pattern.memoryGiB }
      if !fits {
        fields.value.error(
          "a VM of \(quoted(pattern.name)) takes \(shortest(pattern.vcpus)) vCPUs and "
            + "\(shortest(pattern.memoryGiB)) GiB, which no host has", hint: "make the VMs smaller, or a host larger")
      }
      // Those that end may make room for those that come.
      guard pattern.everyHours == 0, pattern.arrivesAtHours == 0 else { continue }
      used.vcpus += pattern.vcpus * Double(pattern.vms * pattern.count)
      used.memory += pattern.memoryGiB * Double(pattern.vms * pattern.count)
      if used.vcpus > vcpus || used.memory > memory {
        let isOfMemory = used.vcpus <= vcpus
        let (need, room) = isOfMemory ? (used.memory, memory) : (used.vcpus, vcpus)
        let unit = isOfMemory ? "GiB of memory" : "vCPUs"
        fields.value.error(
          "the applications that are there at the start take \(shortest(need)) \(unit), "
            + "the federation has \(shortest(room))",
          hint: "fewer VMs, or more hosts")
        return
      }
    }
  }

  // MARK: - Events

  private func check(_ event: Scenario.Event, _ fields: Fields, in scenario: Scenario) {
    if event.atHours >= scenario.hours {
      fields["atHours"]?.error(
        "is after the end of the scenario", hint: "it lasts \(shortest(scenario.hours)) h (`hours`)")
    }
    if event.times > 1, event.everyHours == 0 {
      fields["times"]?.error("needs `everyHours`", hint: "how long from one to the next")
    }
    if event.everyHours > 0, event.times == 1 {
      fields["everyHours"]?.error("needs `times`", hint: "how often it happens in all")
    }
    if case .closes(let notice, _) = event.change, notice / 60 > event.atHours {
      fields["closes"]?.error(
        "its notice would come before the scenario begins", hint: "at most \(shortest(event.atHours * 60)) minutes")
    }
  }

  private typealias Happening = (hours: Double, event: Int, change: Scenario.Change)

  /// A site closes when it is open, opens when it is closed, and comes back before it fails again.
  private func checkOpenings(of scenario: Scenario) {
    for site in scenario.federation.sites {
      var all: [Happening] = []
      for (index, event) in scenario.events.enumerated() where event.site == site.name {
        for turn in 0..<min(event.times, 10_000) {
          all.append((event.atHours + Double(turn) * event.everyHours, index, event.change))
        }
      }
      all.sort { ($0.hours, $0.event) < ($1.hours, $1.event) }
      var closedUntil = opening(of: site.name, in: scenario) == nil ? 0 : Double.infinity
      var failedUntil = 0.0
      var isBroken = false
      func refuse(_ happening: Happening, _ message: String, _ hint: String) {
        let line = eventPlaces[happening.event]
        line.value.error("after \(shortest(happening.hours)) h \(quoted(site.name)) \(message)", hint: hint)
        isBroken = true
      }
      for happening in all where !isBroken {
        switch happening.change {
        case .opens:
          if happening.hours >= closedUntil {
            refuse(happening, "opens, but it is open", "remove the event, or let it close before")
          }
          closedUntil = 0
        case .closes(_, let hours):
          if happening.hours < closedUntil {
            refuse(happening, "closes, but it is closed", "let it open in between, or close for less time")
          }
          closedUntil = hours.map { happening.hours + $0 } ?? .infinity
        case .fails(let hours):
          if happening.hours < failedUntil {
            refuse(happening, "fails, but it has failed and isn't back", "let the failure before it last less long")
          } else if happening.hours < closedUntil {
            refuse(happening, "fails, but it is closed", "a site that is closed can't fail")
          }
          failedUntil = happening.hours + hours
        case .price, .speed: break
        }
      }
    }
  }

  private func checkWindows(of scenario: Scenario, log: DiagnosticLog) {
    for site in scenario.federation.sites {
      if let end = site.availableUntil, end <= scenario.start {
        log.error(
          at: eventPlaces.first?.value.position ?? .start,
          "federation: site \(quoted(site.name)) closes at \(end), before the scenario begins",
          hint: "it begins at \(scenario.start) (`start`)")
      }
    }
  }

  private func shortest(_ figure: Double) -> String { Int(exactly: figure).map(String.init) ?? "\(figure)" }
}

extension Scenario.Change {
  /// Whether a site opens or closes by it.
  fileprivate var isOfOpenness: Bool {
    switch self {
    case .opens, .closes: true
    case .price, .speed, .fails: false
    }
  }
}

extension Scenario.Phase {
  /// How many pairs of so many VMs talk, about.
  fileprivate func pairCount(of vms: Double) -> Double {
    switch structure {
    case .groups: vms * Double(groupSize) / 2 + vms
    case .all: vms * vms / 2
    case .ring, .chain, .grid, .hub: 2 * vms
    }
  }
}
