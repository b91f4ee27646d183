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

      Live moves, tried on this machine alone (root, QEMU and libvirt):
        transhumance lab up
        transhumance migrate vm5 --to a2
        transhumance lab down

      Exit codes: 0 done, 1 failed, 2 usage, 3 no placement satisfies the \
      constraints, 4 a query was handed back.
      """,
    version: "0.1.0",
    subcommands: [
      AnalyzeCommand.self, PlanCommand.self, PlaceCommand.self, ExplainCommand.self, SimulateCommand.self,
      ValidateCommand.self, HostGroup.self,
      ControllerCommand.self, ApplyCommand.self, DeleteCommand.self, GetCommand.self, DescribeCommand.self,
      QueryCommand.self, TopCommand.self, EventsCommand.self, ApproveCommand.self, PauseCommand.self,
      ResumeCommand.self, DrainCommand.self, HoldCommand.self, MigrateCommand.self, SenseCommand.self,
      AuthorityCommand.self, TokenCommand.self,
      LabCommand.self, LabPart.self, LabWANRelay.self,
    ])

  static func main() async {
    StandardDescriptors.holdClosed()
    do {
      try RepeatedOptions.refuse(in: Array(CommandLine.arguments.dropFirst()))
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
