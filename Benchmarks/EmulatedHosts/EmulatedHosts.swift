import ArgumentParser

/// For `Benchmarks/collector.py`.
@main
struct EmulatedHosts: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "emulated-hosts",
    abstract: "Hosts whose traffic is made up, and who report it by the agents' own client.",
    discussion: """
      What any pair sends in any period follows from the seed alone, so that \
      what a controller ought to know of it can be worked out apart from it.

      Examples:
        emulated-hosts federation --hosts 100 > federation.yaml
        emulated-hosts report --hosts 100 --vms 10000 --pairs 200000 \\
          --period 2 --count 120 --controller 127.0.0.1:8080 --state /tmp/hosts
        echo '2026-11-24T15:46:00Z h1 h2' | emulated-hosts expect --count 5 \\
          --start 2026-11-24T15:46:00Z
        emulated-hosts ask --socket controller.sock --times 200 \\
          --start 2026-11-24T15:46:00Z --count 120
      """,
    subcommands: [ReportCommand.self, ExpectCommand.self, AskCommand.self, FederationCommand.self])
}
