internal import Linux
internal import Logging
internal import Model
internal import Traffic

/// What an agent has that has a controller: a sensor, its reports on their way, and the connection.
struct Reporting: Sendable {
  private let agent: HostAgent
  private let sensor: Sensor
  private let sensed: AsyncStream<SensorReport>
  private let incoming: AsyncStream<SensorReport>.Continuation
  private let queue: ReportQueue
  private let uplink: Uplink
  /// Nil: somebody else renews the certificate, or there is none.
  private let renewal: CredentialRenewal?

  init(
    _ configuration: HostConfiguration, agent: HostAgent, logger: Logger
  ) throws {
    self.agent = agent
    let incarnation = UInt64.random(in: 1 ... .max)
    let (sensed, incoming) = AsyncStream.makeStream(of: SensorReport.self, bufferingPolicy: .bufferingNewest(100))
    (self.sensed, self.incoming) = (sensed, incoming)
    let settings = SensorConfiguration(
      host: configuration.host.name, incarnation: incarnation, periodNanoseconds: configuration.periodNanoseconds,
      fixedEndpoints: configuration.fixedEndpoints)
    sensor = try Sensor(settings) { report in incoming.yield(report) }
    let folder = try SpoolFolder(path: configuration.stateDirectory + "/reports")
    queue = ReportQueue(try Spool(folder, logger: logger))
    let desk = try CommandDesk(
      path: configuration.stateDirectory + "/commands", logger: logger, heard: agent.heard
    ) { command, isInterrupted, tell in
      await agent.carryOut(command, isInterrupted: isInterrupted, tell: tell)
    }
    uplink = Uplink(
      host: configuration.host.name, incarnation: incarnation, periodNanoseconds: configuration.periodNanoseconds,
      controllers: configuration.controllers, trust: agent.trust?.peers, renewed: configuration.credentials,
      revocations: agent.trust?.revocations, reports: queue, commands: desk, state: { await agent.report },
      now: { .now }, logger: logger, heard: agent.heard)
    if let trust = agent.trust?.peers, case .folder(let folder)? = configuration.credentials {
      renewal = CredentialRenewal(
        trust: trust, folder: folder, controllers: configuration.controllers, now: { .now }, logger: logger)
    } else {
      renewal = nil
    }
  }

  /// Until cancelled; then the period that goes on is cut short, and reported by the next agent.
  func run() async {
    await agent.sense(with: sensor)
    let keeping = Task {
      for await report in sensed { await queue.put(agent.completed(report)) }
    }
    await withDiscardingTaskGroup { group in
      if let renewal { group.addTask { await renewal.run() } }
      await uplink.run()
      group.cancelAll()
    }
    sensor.stop()
    incoming.finish()
    await keeping.value
  }
}
