import ArgumentParser

@main
struct Transhumance: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transhumance",
    abstract: "Finds which virtual machines talk to each other, and where they should live.",
    discussion: """
      From a capture to a plan:
        transhumance analyze cg.A.8.pcap.gz
        transhumance analyze cg.A.8.pcap.gz --format csv > cg.csv
        transhumance plan --federation federation.yaml \\
          --application cg.yaml --traffic cg.csv --window 5.56

      Exit codes: 0 done, 1 failed, 2 usage, 3 no placement satisfies the \
      constraints.
      """,
    version: "0.1.0",
    subcommands: [AnalyzeCommand.self, PlanCommand.self, PlaceCommand.self, ValidateCommand.self])

  static func main() async {
    StandardDescriptors.holdClosed()
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      ExitStatus.exit(reporting: error)
    }
  }
}
