import ArgumentParser

/// `transhumance lab`: a federation on one machine.
struct LabCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lab",
    abstract: "A federation on this machine alone: sites, hosts, guests and the network between them.",
    subcommands: [LabWAN.self])
}
