import ArgumentParser

/// `transhumance host`: the agent, and how its host comes into the federation.
struct HostGroup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "host",
    abstract: "Runs the agent of a host; `host join` gets its certificate.",
    discussion: """
      Without a subcommand it runs the agent: `transhumance help host run`.

      Examples:
        transhumance host join 192.0.2.10 --token-file token \\
          --ca-hash sha256:1f0c…
        transhumance host --name a1 --lab lab.yaml --state /var/lib/transhumance \\
          --collector 192.0.2.10 --cert-dir /etc/transhumance/pki
      """,
    subcommands: [HostCommand.self, HostJoinCommand.self], defaultSubcommand: HostCommand.self)
}
