import Agent
import ArgumentParser
import Linux
import Model
import Moves
import Traffic
import Wire

/// `transhumance sense`: who talks to whom on this host, live.
struct SenseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sense",
    abstract: "Counts who talks to whom at the taps of this host's VMs, live.",
    discussion: """
      Needs root and no controller. Without --interface and --mac the VMs of \
      this host are sensed, as its agent knows them; in a lab run it inside a \
      host (`transhumance lab exec`). VMs at other hosts have their names, \
      too, where an agent answers. The first period is incomplete, since it \
      began before.

      On a terminal the table shows the last period. CSV has a row per \
      pair, JSON a line per period; all pairs, with what was received and \
      what was sent.

      Examples:
        transhumance lab exec a1 -- transhumance sense --period 5
        transhumance sense --interface vnet0=vm1 --interface vnet1=vm2
        transhumance sense --mac 52:54:00:00:01:01=vm1 --format json

      Exit codes: 0 done, 1 failed, 2 usage.
      """)

  @OptionGroup var sensing: SensingOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Length of the periods: 500ms, 30s, 5m; aligned to the wall clock.", valueName: "time"))
  var period = TimeSpan(seconds: 30)

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("End after so many whole periods; go on until stopped unless given.", valueName: "number"))
  var periods: Int?

  @Option(help: "How periods are printed.")
  var format: DocumentFormat = .table

  @OptionGroup var agent: AgentOptions

  func validate() throws {
    guard (100_000_000...86_400_000_000_000).contains(period.nanoseconds) else {
      throw ValidationError("--period \(period): a tenth of a second to a day")
    }
    if let periods, periods < 1 { throw ValidationError("--periods \(periods): one at least") }
  }

  func run() async throws {
    let (taps, machines) = try await whatToSense()
    let (reports, continuation) = AsyncStream.makeStream(of: SensorReport.self)
    let configuration = SensorConfiguration(
      host: "", periodNanoseconds: period.nanoseconds, fixedEndpoints: sensing.fixedEndpoints)
    let sensor: Sensor
    do throws(PacketRingError) {
      sensor = try Sensor(configuration) { continuation.yield($0) }
      try sensor.update(taps: taps, machines: machines)
    } catch {
      throw CommandFailure(message: error.description)
    }
    defer { sensor.stop() }
    let names = taps.map(\.vm).sorted().joined(separator: ", ")
    if format == .table {
      Terminal.printLine("sensing \(names); the first whole period ends in \(secondsToFirst) s at most")
    }
    var output = SenseOutput(format)
    var left = periods ?? .max
    for await report in reports {
      try output.write(report)
      if report.incomplete == nil { left -= 1 }
      if left == 0 { return }
    }
  }

  private var secondsToFirst: String { Text.significant(2 * period.seconds) }

  /// The taps that were given, or those of the VMs of this host; and how VMs anywhere are called.
  private func whatToSense() async throws -> ([SensedTap], [NamedMachine]) {
    let given = try sensing.taps()
    // Names are welcome where taps are given, and not needed.
    let isNeeded = given.isEmpty || agent.socket != nil
    let reply = isNeeded ? try await agent.listAlone() : try? await agent.listAlone()
    guard let reply else { return (given, []) }
    let subjects = SenseSubjects(map: reply.map)
    guard given.isEmpty else { return (subjects.named(given), subjects.inOneNetwork) }
    let taps = subjects.taps { NetworkInterfaces.index(of: $0) != nil }
    guard !taps.isEmpty else {
      throw CommandFailure(
        message: "no VM of the agent \(reply.agent) has its tap in this network namespace; "
          + "in a lab: transhumance lab exec HOST -- transhumance sense")
    }
    return (taps, subjects.machines)
  }
}
