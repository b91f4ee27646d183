import ArgumentParser

@main
struct Transhumance: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transhumance",
    abstract: "Finds which virtual machines talk to each other and where they should live.",
    subcommands: [])
}
