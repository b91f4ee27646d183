import ArgumentParser
import Model
import Wire

struct GetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get",
    abstract: "Lists VMs, hosts, moves, applications or plans.",
    discussion: """
      VMs, hosts and moves are those of the whole federation, asked from any \
      host; a host whose agent is silent is shown as such, its VMs as the \
      other agents last knew them. Applications and plans are the \
      controller's.

      Examples:
        transhumance get vms
        transhumance get hosts --format json
        transhumance get moves
        transhumance get applications
        transhumance get plans --format json
      """)

  enum Kind: String, CaseIterable, ExpressibleByArgument { case vms, hosts, moves, applications, plans }

  @Argument(help: "What to list: vms, hosts, moves, applications or plans.")
  var kind: Kind

  @Argument(help: ArgumentHelp("Only these.", valueName: "name"))
  var names: [String] = []

  @Option(help: "How the list is printed.")
  var format: DocumentFormat = .table

  @OptionGroup var agent: AgentOptions
  @OptionGroup var controller: ControllerOptions

  func run() async throws {
    let list: any Listing =
      switch kind {
      case .vms: VMList(try await agent.list())
      case .hosts: HostList(try await agent.list())
      case .moves: MoveList(try await agent.list())
      case .applications: ApplicationList(try await overview())
      case .plans: PlanList(try await overview())
      }
    let known = list.names
    for name in names where !known.contains(name) {
      throw CommandFailure(
        message: "there is no \(kind.singular) \"\(name)\"; `transhumance get \(kind.rawValue)` lists all")
    }
    try list.write(format, only: names.isEmpty ? nil : Set(names))
  }

  /// What keeps the controller from acting is said with whatever it is asked.
  private func overview() async throws -> OverviewReply {
    let reply = try await controller.overview()
    if !reply.paused.isEmpty { Terminal.printWarning("everything is paused: \(reply.paused) (`transhumance resume`)") }
    if !reply.federationProblem.isEmpty {
      Terminal.printWarning("an older version of the federation is in force: \(reply.federationProblem)")
    }
    for host in reply.hosts where host.drained {
      Terminal.printWarning("\(host.name) is drained (`transhumance drain \(host.name) --undo`)")
    }
    for host in reply.hosts where host.connected {
      if let held = host.report.held { Terminal.printWarning(held.words(of: host.name)) }
    }
    for host in reply.hosts where !host.connected {
      Terminal.printWarning("\(host.name) is silent: its agent isn't connected")
    }
    return reply
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
    }
  }
}
