import ArgumentParser
import Model
import Wire

struct GetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get",
    abstract: "Lists VMs, hosts, moves, applications, plans, periods, sites or events.",
    discussion: """
      VMs, hosts and moves are those of the whole federation, asked from any \
      host; a host whose agent is silent is shown as such, its VMs as the \
      other agents last knew them. With --controller alone, and where no \
      agent answers, the controller is asked. All else is the controller's: \
      applications, plans, the periods that it holds in memory, sites with \
      their prices and room, and events.

      With --watch the list is shown again when it has changed, at most once \
      a second, until Ctrl-C: in place on a terminal, of JSON a document a \
      line. Of events, but in place, only those that are new are shown.

      Examples:
        transhumance get vms
        transhumance get hosts --format json
        transhumance get moves --watch
        transhumance get applications
        transhumance get plans --format json
        transhumance get periods 2026-11-24T15:46:00Z
        transhumance get sites --format csv
        transhumance get events decision plan
      """)

  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case vms, hosts, moves, applications, plans, periods, sites, events
  }

  @Argument(help: "What to list: vms, hosts, moves, applications, plans, periods, sites or events.")
  var kind: Kind

  @Argument(
    help: ArgumentHelp("Only these; periods by their start, events by their kind.", valueName: "name"))
  var names: [String] = []

  @Flag(name: [.customShort("w"), .long], help: "Show it again when it has changed; Ctrl-C ends it.")
  var watch = false

  @Option(help: "How the list is printed.")
  var format: DocumentFormat = .table

  @OptionGroup var federation: FederationOptions

  func validate() throws {
    guard !watch || format != .csv else {
      throw ValidationError("--watch goes with tables and JSON, of which documents can be told apart.")
    }
  }

  func run() async throws {
    guard !watch else { return try await follow() }
    let (list, remarks) = try await look()
    for remark in remarks { Terminal.printWarning(remark) }
    try requireNames(in: list)
    try list.write(format, only: wanted)
  }

  private var wanted: Set<String>? { names.isEmpty ? nil : Set(names) }

  private func requireNames(in list: any Listing) throws {
    let known = list.names
    for name in names where !known.contains(name) {
      throw CommandFailure(
        message: "there is no \(kind.singular) \"\(name)\"; `transhumance get \(kind.rawValue)` lists all")
    }
  }

  /// What is named has to be there to begin with; it may go.
  private func follow() async throws {
    var isFirst = true
    var said: [String] = []
    var history = EventHistory()
    let isInPlace = format == .table && Terminal.outputIsTerminal
    try await Watch.run(inPlace: isInPlace) {
      let list: any Listing
      var remarks: [String] = []
      if kind == .events {
        let new = try await history.look(federation.controller).filter { wanted?.contains($0.kind) ?? true }
        guard isFirst || !new.isEmpty else { return nil }
        list = EventList(isInPlace ? history.events : new)
      } else {
        (list, remarks) = try await look()
      }
      if isFirst { try requireNames(in: list) }
      isFirst = false
      if !isInPlace {
        for remark in remarks where !said.contains(remark) { Terminal.printWarning(remark) }
        said = remarks
      }
      guard format == .table else { return try list.line(only: wanted) }
      guard isInPlace else { return list.table(only: wanted) + "\n" }
      var room = Terminal.size
      room.rows -= remarks.count
      let lines = remarks.map { Terminal.styled(String($0.prefix(room.columns)), .yellow) + "\n" }
      return lines.joined() + list.table(only: wanted, room: room)
    }
  }

  /// The list as it is now, and what has to be said with it.
  private func look() async throws -> (list: any Listing, remarks: [String]) {
    let controller = federation.controller
    switch kind {
    case .vms, .hosts, .moves:
      let (reply, remarks) = try await federation.list()
      let list: any Listing =
        switch kind {
        case .vms: VMList(reply)
        case .hosts: HostList(reply, clocks: await federation.clocks())
        default: MoveList(reply)
        }
      return (list, remarks)
    case .periods: return (PeriodList(try await controller.periods()), [])
    case .events: return (EventList(try await controller.events()), [])
    case .applications, .plans, .sites:
      let overview = try await controller.overview()
      let list: any Listing =
        switch kind {
        case .applications: ApplicationList(overview)
        case .plans: PlanList(overview)
        default: SiteList(overview)
        }
      return (list, overview.remarks)
    }
  }
}

extension GetCommand.Kind {
  var singular: String {
    switch self {
    case .vms: "VM"
    case .hosts: "host"
    case .moves: "move"
    case .applications: "application"
    case .plans: "plan"
    case .periods: "period"
    case .sites: "site"
    case .events: "event"
    }
  }
}

extension OverviewReply {
  /// What keeps the controller from acting, which is said with whatever it is asked.
  fileprivate var remarks: [String] {
    var remarks: [String] = []
    if !paused.isEmpty { remarks.append("everything is paused: \(paused) (`transhumance resume`)") }
    if !federationProblem.isEmpty {
      remarks.append("an older version of the federation is in force: \(federationProblem)")
    }
    for host in hosts where host.drained {
      remarks.append("\(host.name) is drained (`transhumance drain \(host.name) --undo`)")
    }
    for host in hosts where host.connected {
      if let held = host.report.held { remarks.append(held.words(of: host.name)) }
    }
    for host in hosts where !host.connected { remarks.append("\(host.name) is silent: its agent isn't connected") }
    return remarks
  }
}
