import ArgumentParser
import Lab
import Model
import SystemPackage

/// `transhumance lab wan`: the network between the lab's sites.
struct LabWAN: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wan",
    abstract: "Shows, slows, cuts and heals the network between the lab's sites.",
    discussion: """
      Two sites name the line between them, in either order; without sites all lines are meant. Both directions \
      change. Latency is one way. A line that is cut loses what is on it; heal gives back what the lab file says.

      Examples:
        transhumance lab wan
        transhumance lab wan slow a b --latency 20
        transhumance lab wan slow --latency 50 --bandwidth 100
        transhumance lab wan cut a b
        transhumance lab wan heal
        transhumance lab wan --format json

      Exit codes: 0 done, 1 failed (no lab is up, no such site), 2 usage.
      """,
    subcommands: [Show.self, Slow.self, Cut.self, Heal.self, Measure.self],
    defaultSubcommand: Show.self)

  enum Format: String, CaseIterable, ExpressibleByArgument { case table, json }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Shows the state of the lines.",
      discussion: """
        Examples:
          transhumance lab wan
          transhumance lab wan show --format json
        """)
    @OptionGroup var output: WANOutput

    func run() throws { try output.show(WANRequest(.status)) }
  }

  struct Slow: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Gives a line, or all, another latency or bandwidth.",
      discussion: """
        Examples:
          transhumance lab wan slow a b --latency 20
          transhumance lab wan slow --latency 50 --bandwidth 100
        """)
    @OptionGroup var line: WANLineArguments
    @Option(
      parsing: .unconditional, help: ArgumentHelp("One way, in milliseconds: 0 to 60,000.", valueName: "ms"))
    var latency: Double?
    @Option(
      parsing: .unconditional,
      help: ArgumentHelp("In 10⁶ bits per second: 0.001 to 1,000,000; 0: unlimited.", valueName: "mbps"))
    var bandwidth: Double?
    @OptionGroup var output: WANOutput

    private var request: WANRequest {
      WANRequest(.slow, sites: line.named, latencyMs: latency, bandwidthMbps: bandwidth)
    }

    func validate() throws {
      if latency == nil && bandwidth == nil { throw ValidationError("Say how slow: --latency, --bandwidth or both.") }
      if let latency, !LabDescription.latenciesMs.contains(latency) {
        throw ValidationError("--latency is a number of milliseconds from 0 to 60,000.")
      }
      if let bandwidth, bandwidth != 0, !LabDescription.bandwidthsMbps.contains(bandwidth) {
        throw ValidationError("--bandwidth is from 0.001 to 1,000,000 Mb/s, or 0: unlimited.")
      }
    }

    func run() throws { try output.show(request) }
  }

  struct Cut: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Cuts a line, or all.",
      discussion: """
        What is on it is lost, and nothing crosses it until `lab wan heal`.

        Examples:
          transhumance lab wan cut a b
          transhumance lab wan cut
        """)
    @OptionGroup var line: WANLineArguments
    @OptionGroup var output: WANOutput

    func run() throws { try output.show(WANRequest(.cut, sites: line.named)) }
  }

  struct Heal: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Has a line, or all, be as the lab file says.",
      discussion: """
        Examples:
          transhumance lab wan heal a b
          transhumance lab wan heal
        """)
    @OptionGroup var line: WANLineArguments
    @OptionGroup var output: WANOutput

    func run() throws { try output.show(WANRequest(.heal, sites: line.named)) }
  }

  struct Measure: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Starts the statistics of lateness anew, as before a measurement.",
      discussion: """
        Lateness is by how much packets came later than the latency says; \
        `lab wan` shows it.

        Example:
          transhumance lab wan measure
        """)
    @OptionGroup var output: WANOutput

    func run() throws { try output.show(WANRequest(.measure)) }
  }
}

/// Which line.
struct WANLineArguments: ParsableArguments {
  @Argument(help: ArgumentHelp("Two sites; none: all lines.", valueName: "site"))
  var sites: [String] = []

  /// Nil: all.
  var named: [String]? { sites.isEmpty ? nil : sites }

  func validate() throws {
    if let problem = WANRequest(.status, sites: named).problem { throw ValidationError(problem) }
  }
}

/// Asking the relay and printing its answer.
struct WANOutput: ParsableArguments {
  @Option(help: "How the state is printed.")
  var format: LabWAN.Format = .table

  @Option(help: .hidden)
  var socket: String = WANClient.standardSocket

  func show(_ request: WANRequest) throws {
    let status: WANStatus
    do throws(WANError) {
      status = try WANClient(socket: FilePath(socket)).send(request)
    } catch {
      throw CommandFailure(message: error.description)
    }
    switch format {
    case .table: try StandardOutput.write(status.table)
    case .json: try StandardOutput.write(json: status)
    }
  }
}
