import ArgumentParser
import Model
import Wire

struct GetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get",
    abstract: "Lists VMs, hosts or moves of the whole federation, asked from any host.",
    discussion: """
      A host whose agent is silent is shown as such; its VMs are shown as the other agents last knew them.

      Examples:
        transhumance get vms
        transhumance get hosts --format json
        transhumance get moves
      """)

  enum Kind: String, CaseIterable, ExpressibleByArgument { case vms, hosts, moves }

  @Argument(help: "What to list: vms, hosts or moves.")
  var kind: Kind

  @Argument(help: ArgumentHelp("Only these.", valueName: "name"))
  var names: [String] = []

  @Option(help: "How the list is printed.")
  var format: DocumentFormat = .table

  @OptionGroup var agent: AgentOptions

  func run() async throws {
    let reply = try await agent.withAgent { client in
      try await client.list(.init(), options: AgentOptions.within(.seconds(10)))
    }
    let list: any Listing =
      switch kind {
      case .vms: VMList(reply)
      case .hosts: HostList(reply)
      case .moves: MoveList(reply)
      }
    let known = list.names
    for name in names where !known.contains(name) {
      throw CommandFailure(
        message: "there is no \(kind.singular) \"\(name)\"; `transhumance get \(kind.rawValue)` lists all")
    }
    try list.write(format, only: names.isEmpty ? nil : Set(names))
  }
}

extension GetCommand.Kind {
  var singular: String {
    switch self {
    case .vms: "VM"
    case .hosts: "host"
    case .moves: "move"
    }
  }
}
