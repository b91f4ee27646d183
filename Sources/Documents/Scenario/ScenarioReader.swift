internal import Model

/// Reads a scenario and remembers where its parts are, for what can be checked only when all is read.
struct ScenarioReader {
  var sites = NameTable("a site")
  private var names = NameTable("an application")
  /// Of the applications' and the events' mappings, in the order of the model's.
  var patternPlaces: [Fields] = []
  var eventPlaces: [Fields] = []

  mutating func read(_ root: Value) -> Scenario? {
    guard let fields = Fields(root, .scenario) else { return nil }
    let place = fields["federation"]
    let federation = place.flatMap { self.federation($0) }
    let list = fields["applications"]
    let patterns = list.map { self.patterns($0) } ?? []
    let events = fields.items("events").compactMap { event($0) }
    guard let federation else { return nil }
    return Scenario(
      start: fields["start"]?.timestamp() ?? Self.start, hours: fields.number("hours", .positive) ?? 0,
      decideSeconds: fields.number("decideSeconds", .positive) ?? 60, jitter: share("jitter", of: fields) ?? 0.1,
      moveFailures: share("moveFailures", of: fields) ?? 0, federation: federation, applications: patterns,
      events: events)
  }

  /// 2026-01-01T00:00:00Z
  private static let start = Timestamp(nanoseconds: 1_767_225_600_000_000_000)

  /// 0 … 0.9: with 1 nothing would be left.
  private func share(_ name: String, of fields: Fields) -> Double? {
    guard let share = fields.number(name, .share) else { return nil }
    if share > 0.9 { fields[name]?.error("must be at most 0.9", hint: "0.1 is a tenth") }
    return share
  }

  private mutating func federation(_ value: Value) -> Federation? {
    guard let fields = Fields(value, .federation) else { return nil }
    var names = (sites: NameTable("a site"), hosts: NameTable("a host"))
    let sites = FederationDocument.sites(of: fields, names: &names)
    self.sites = names.sites
    let links = fields["links"].flatMap { Links($0, sites: names.sites) }
    let egress = fields["egress"].flatMap { Egress($0, sites: names.sites) }
    warnOfWhatIsNotPlayed(fields)
    return Federation(sites: sites.map(Self.played), links: links ?? Links(), egress: egress ?? Egress())
  }

  private mutating func patterns(_ list: Value) -> [Scenario.Pattern] {
    let items = list.items()
    if items.isEmpty, case .sequence = list.node.content { list.error("lists no application", hint: "at least one") }
    return items.compactMap { pattern($0) }
  }

  private mutating func pattern(_ value: Value) -> Scenario.Pattern? {
    guard let fields = Fields(value, .pattern) else { return nil }
    patternPlaces.append(fields)
    let name = fields.name()
    if let name, let place = fields["name"] { names.add(name, at: place) }
    let phases = fields.items("phases").compactMap { phase($0) }
    let startsAt = fields.items("startsAt").compactMap { sites.reference($0) }
    return Scenario.Pattern(
      name: name ?? "", count: count("count", of: fields) ?? 1, arrivesAtHours: fields.number("arrivesAtHours") ?? 0,
      everyHours: fields.number("everyHours") ?? 0, objective: fields["objective"]?.choice(Objective.self) ?? .cost,
      coupling: fields["coupling"]?.choice(Coupling.self) ?? .coupled,
      minimumGain: fields.number("minimumGain", .share) ?? 0.05, workHours: fields.number("workHours", .positive),
      lastsHours: fields.number("lastsHours", .positive),
      checkpointHours: fields.number("checkpointHours", .positive), vms: count("vms", of: fields) ?? 1,
      vcpus: fields.number("vcpus", .positive) ?? 1, memoryGiB: fields.number("memoryGiB") ?? 1,
      cpu: fields.number("cpu", .share) ?? 1, dirtyMiBps: fields.number("dirtyMiBps") ?? 0, startsAt: startsAt,
      phases: phases)
  }

  private func phase(_ value: Value) -> Scenario.Phase? {
    guard let fields = Fields(value, .trafficPhase) else { return nil }
    return Scenario.Phase(
      hours: fields.number("hours", .positive),
      structure: fields["structure"]?.choice(Scenario.Structure.self) ?? .groups,
      groupSize: count("groupSize", of: fields) ?? 4, waitsPerSecond: fields.number("waitsPerSecond") ?? 0,
      bytesPerSecond: fields.number("bytesPerSecond") ?? 0, acrossShare: fields.number("acrossShare") ?? 0,
      isShuffled: fields["shuffled"]?.boolean() ?? true)
  }

  /// A whole number from 1 to a million.
  private func count(_ name: String, of fields: Fields) -> Int? {
    guard let number = fields.number(name, .positive) else { return nil }
    if let whole = Int(exactly: number), whole <= 1_000_000 { return whole }
    fields[name]?.error("must be a whole number from 1 to 1000000, this is \(fields[name]?.node.text ?? "")")
    return nil
  }

  private mutating func event(_ value: Value) -> Scenario.Event? {
    guard let fields = Fields(value, .event) else { return nil }
    let site = fields["site"].flatMap(sites.reference)
    let given = Shape.changes.filter { fields[$0] != nil }
    guard given.count == 1, let name = given.first, let place = fields[name] else {
      let what =
        given.isEmpty ? "says nothing of what happens" : "is several events at once: \(given.joined(separator: ", "))"
      value.error(what, hint: "one of \(Shape.changes.joined(separator: ", ")) in each")
      return nil
    }
    guard let change = change(name, place), let site else { return nil }
    eventPlaces.append(fields)
    return Scenario.Event(
      atHours: fields.number("atHours") ?? 0, everyHours: fields.number("everyHours", .positive) ?? 0,
      times: count("times", of: fields) ?? 1, site: site, change: change)
  }

  private func change(_ name: String, _ value: Value) -> Scenario.Change? {
    switch name {
    case "price":
      guard let fields = Fields(value, .price) else { return nil }
      return .price(
        Price(
          vmHour: fields.number("vmHour") ?? 0, vcpuHour: fields.number("vcpuHour") ?? 0,
          memoryGiBHour: fields.number("memoryGiBHour") ?? 0))
    case "speed": return value.number(.positive).map { .speed($0) }
    case "opens":
      guard let opens = value.boolean() else { return nil }
      if !opens { value.error("must be true", hint: "`closes: {}` for the opposite") }
      return .opens
    case "closes":
      guard let fields = Fields(value, .closing) else { return nil }
      return .closes(
        noticeMinutes: fields.number("noticeMinutes") ?? 0, forHours: fields.number("forHours", .positive))
    default:
      guard let fields = Fields(value, .failure), let hours = fields.number("forHours", .positive) else { return nil }
      return .fails(forHours: hours)
    }
  }
}
