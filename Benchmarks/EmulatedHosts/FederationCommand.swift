import ArgumentParser

struct FederationCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "federation", abstract: "Writes the federation's file for a controller of emulated hosts.")

  @Option(help: "Hosts.") var hosts = 100

  func run() throws {
    let names = (0..<hosts).map { "      - {name: \(Workload.hostName($0)), vcpus: 1000, memoryGiB: 4000}" }
    print(
      """
      sites:
        - name: a
          kind: cloud
          hosts:
      \(names.joined(separator: "\n"))
      links: {betweenSites: {latencyMs: 10, bandwidthMbps: 1000}}
      """)
  }
}
