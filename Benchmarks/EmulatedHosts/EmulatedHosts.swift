import ArgumentParser

@main
struct EmulatedHosts: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "emulated-hosts", abstract: "Hosts that report made-up traffic, by the agents' own client.")

  func run() async throws {}
}
