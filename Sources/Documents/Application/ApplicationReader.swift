internal import Model

/// Reads an application and remembers where its parts are, for what can be checked only when all is read.
struct ApplicationReader {
  var machines = NameTable("a VM or endpoint")
  var vms = NameTable("a VM")
  /// Nil where no federation is given: then every site and host is believed.
  let sites: NameTable?
  let hosts: NameTable?
  let federation: Federation?
  var addressHolders: [IPAddress: (name: String, line: UInt32)] = [:]
  /// Positions of the VMs and constraints, in the order of the model's.
  var vmPositions: [Position] = []
  var constraintPositions: [Position] = []

  init(federation: Federation?) {
    self.federation = federation
    sites = federation.map { NameTable("a site of the federation", known: $0.sites.map(\.name)) }
    hosts = federation.map { NameTable("a host of the federation", known: $0.sites.flatMap(\.hosts).map(\.name)) }
  }

  mutating func read(_ root: Value) -> Application? {
    guard let fields = Fields(root, .application) else { return nil }
    let vms = vms(of: fields)
    let endpoints = fields.items("endpoints").compactMap { endpoint($0) }
    let constraints = fields.items("constraints").compactMap { constraint($0) }
    return Application(
      name: fields.name() ?? "", objective: fields["objective"]?.choice(Objective.self) ?? .cost,
      coupling: fields["coupling"]?.choice(Coupling.self) ?? .coupled,
      remainingHours: fields["remainingHours"].flatMap(remainingHours), run: run(of: fields),
      waitFactor: fields.number("waitFactor", .share), deadline: fields["deadline"]?.timestamp(),
      budget: fields.number("budget"),
      minimumGain: fields.number("minimumGain", .share) ?? 0.05,
      slowdownLimit: fields.number("slowdownLimit") ?? 0.05, vms: vms, endpoints: endpoints, constraints: constraints,
      mode: fields["mode"]?.choice(Mode.self) ?? .advise, owner: fields.name("owner"))
  }

  /// `none` is a service, which has no end.
  private func remainingHours(_ value: Value) -> Double? {
    if value.node.text == "none" { return nil }
    return value.number(.positive, else: "none for a service, which has no end")
  }

  private mutating func vms(of fields: Fields) -> [VM] {
    guard let list = fields["vms"] else { return [] }
    let items = list.items()
    if items.isEmpty, case .sequence = list.node.content { list.error("lists no VM", hint: "at least one") }
    return items.compactMap { vm($0) }
  }
}

extension NameTable {
  init(_ kind: String, known names: [String]) {
    self.init(kind)
    for name in names { insert(name) }
  }
}
