import Agent
import ArgumentParser
import Linux
import Model
import Trust

struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Reports so many periods as so many hosts, and tells what a controller ought to know then.",
    discussion: """
      Tells it when all is acknowledged, or --patience after the last period. \
      Reports that aren't acknowledged stay in --state: one that is started \
      anew with the same --start goes on with the next period.

      Exit codes: 0 all is acknowledged, 1 it isn't.
      """)

  @OptionGroup var options: WorkloadOptions
  @Option(
    name: .customLong("controller"),
    help: ArgumentHelp("Where a controller listens; may be repeated.", valueName: "address:port"))
  var controllers: [Target]
  @Option(help: ArgumentHelp("Where hosts keep their reports.", valueName: "folder")) var state: String
  @Option(
    help: ArgumentHelp("An authority, which gives each host a certificate; in clear without.", valueName: "folder"))
  var certDir: String?
  @Option(help: ArgumentHelp("A file that gets a line for each report in a spool.", valueName: "file"))
  var ledger: String?
  @Option(help: ArgumentHelp("Of what a host keeps; as agents unless given.", valueName: "bytes"))
  var spoolLimit = 256 << 20
  @Option(help: ArgumentHelp("For acknowledgements, after the last period.", valueName: "seconds")) var patience = 60.0
  @Option(help: ArgumentHelp("Stay connected after all is told.", valueName: "seconds")) var linger = 0.0

  /// `127.0.0.1:8080`.
  struct Target: ExpressibleByArgument {
    var controller: HostConfiguration.Controller

    init?(argument: String) {
      let parts = argument.split(separator: ":")
      guard parts.count == 2, let address = IPAddress(parts[0]), let port = UInt16(parts[1]) else { return nil }
      controller = .init(address: address, port: Int(port))
    }
  }

  func run() async throws {
    let workload = options.workload
    let authority = certDir.map(AuthorityFolder.init(path:))
    let setting = EmulatedHost.Setting(
      workload: workload, length: options.length, controllers: controllers.map(\.controller), folder: state,
      spoolLimit: spoolLimit, ledger: try ledger.map { try Ledger(path: $0) })
    let hosts = try (0..<workload.hosts).map { number in
      try EmulatedHost(number, setting, trust: authority?.trust(ofHost: Workload.hostName(number)))
    }
    let periods = options.periods(now: .now)
    StandardError.write("\(hosts.count) hosts report from \(periods[0].start) on")
    let isEmpty = try await withConnections(of: hosts) {
      let isEmpty = try await Self.report(periods, hosts, .seconds(patience))
      try tell(Summary(hosts, workload, periods))
      try await Task.sleep(for: .seconds(linger))
      return isEmpty
    }
    if !isEmpty { throw ExitCode(1) }
  }

  private func tell(_ summary: Summary) throws {
    try Summary.print(summary)
    guard summary.reports.acknowledged == 0 || summary.connections.values.contains(where: { !$0.isEmpty }) else {
      throw ValidationError("The agents' client says otherwise than before when it is connected: mend RecordingLog.")
    }
  }

  private func withConnections<Result: Sendable>(
    of hosts: [EmulatedHost], _ body: () async throws -> Result
  ) async throws -> Result {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for host in hosts {
        group.addTask { await host.connect() }
        group.addTask { await host.watch() }
      }
      defer { group.cancelAll() }
      return try await body()
    }
  }

  /// - Returns: whether all was acknowledged.
  private static func report(
    _ periods: [Period], _ hosts: [EmulatedHost], _ patience: Duration
  ) async throws -> Bool {
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for host in hosts {
        group.addTask {
          try await host.report(periods)
          return try await host.empty(within: patience)
        }
      }
      return try await group.reduce(true) { $0 && $1 }
    }
  }
}

extension AuthorityFolder {
  fileprivate func trust(ofHost name: String) throws -> PeerTrust {
    let key = KeyPair()
    let order = CertificateOrder(try Identity(.host, name), for: key)
    let credentials = try Credentials(issue(order, at: .now, by: "emulated-hosts"), key: key)
    return try PeerTrust(credentials, now: { .now }, refused: { StandardError.write("\(name): \($0)") })
  }
}
