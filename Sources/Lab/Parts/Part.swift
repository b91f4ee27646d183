/// One of the processes that hold the lab's namespaces, as its command line tells: `lab-part host a1 FOLDER`.
package enum Part: Hashable, Sendable {
  /// Number 1 of the lab's PID namespace.
  case first
  case host(String)
  /// Of the site of that name.
  case router(String)
  case machine(String)

  /// Of this program: what a part's process runs.
  package static let subcommand = "lab-part"

  /// The words after the executable.
  func words(_ folder: LabFolder) -> [String] {
    switch self {
    case .first: [Self.subcommand, "first", "", folder.path]
    case .host(let name): [Self.subcommand, "host", name, folder.path]
    case .router(let name): [Self.subcommand, "router", name, folder.path]
    case .machine(let name): [Self.subcommand, "machine", name, folder.path]
    }
  }

  /// By its words on a command line; nil where they are none of a part.
  package init?(kind: String, name: String) {
    switch kind {
    case "first": self = .first
    case "host": self = .host(name)
    case "router": self = .router(name)
    case "machine": self = .machine(name)
    default: return nil
    }
  }

  /// Nil for any other process.
  init?(command: [String]) {
    guard command.count >= 4, command[1] == Self.subcommand else { return nil }
    self.init(kind: command[2], name: command[3])
  }

  /// The host name that it has inside.
  var hostName: String {
    switch self {
    case .first: "lab"
    case .host(let name), .machine(let name): name
    case .router(let site): "router-\(site)"
    }
  }
}
