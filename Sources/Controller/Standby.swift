internal import GRPCCore
internal import GRPCNIOTransportHTTP2
internal import Linux
package import Logging
internal import Model
package import Storage
internal import Trust

/// Answers queries while another controller leads: from what that one has merged.
package struct Standby: Sendable {
  private let configuration: ControllerConfiguration
  private let file: FederationFile
  private let work: LastingWork
  private let logger: Logger

  /// - Parameter pause: waits between attempts; injected, so that tests need no real time.
  package init(
    configuration: ControllerConfiguration, logger: Logger,
    pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    (self.configuration, self.logger) = (configuration, logger)
    file = FederationFile(path: configuration.federationPath)
    work = LastingWork(pause: pause)
  }

  /// Until cancelled. What fails is told, and tried again: this controller is there to lead when it has to, whatever
  /// becomes of queries.
  package func run(_ store: any Store, _ leader: Leader) async {
    let writes = OrderedWrites()
    let events = EventLog(store: store, writes: writes, logger: logger, now: { .now })
    var problem: String?
    await work.run { error in
      // Once, however often it fails the same.
      guard problem != "\(error)" else { return }
      problem = "\(error)"
      events.add(
        .controller, "a controller that stands by answers no queries, and tries again: \(error)", level: .warning)
    } _: { isWell in
      try await answer(store, leader, events) {
        isWell()
        guard problem != nil else { return }
        problem = nil
        events.add(.controller, "a controller that stands by answers queries again")
      }
    }
    await writes.settle()
  }

  /// - Parameter begun: is called once it answers.
  private func answer(_ store: any Store, _ leader: Leader, _ events: EventLog, _ begun: () -> Void) async throws {
    let federation = try file.read().federation
    let collector = Collector(
      store: store, configuration: Collector.Configuration(configuration, isFollowing: true), logger: logger,
      liveHosts: { _ in [] })
    let answers = CollectedAnswers(collector: collector, federation: { (try? file.read().federation) ?? federation })
    let server = GRPCServer(
      transport: .http2NIOPosix(
        address: .unixDomainSocket(path: configuration.socketPath), transportSecurity: .plaintext),
      services: [StandbyService(answers: answers, leader: leader)])
    await collector.tell(ofDamage: { events.add(.period, $0, level: .error) })
    try await collector.load()
    try SocketPath.claim(configuration.socketPath)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await ControllerService.serve(server, at: configuration.socketPath) }
      group.addTask { try await collector.follow() }
      defer { group.cancelAll() }
      // Where it can't listen, `serve` says why.
      if await server.addressOnceListening != nil {
        logger.info("answers queries at \(configuration.socketPath) while it stands by")
        begun()
      }
      try await group.next()
    }
  }
}
