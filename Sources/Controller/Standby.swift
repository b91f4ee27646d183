internal import GRPCCore
internal import GRPCNIOTransportHTTP2
internal import Linux
internal import Logging
internal import Model
internal import Storage

/// Answers queries while another controller leads: from what that one has merged.
struct Standby: Sendable {
  let configuration: ControllerConfiguration
  let file: FederationFile
  let logger: Logger

  /// Until cancelled. What fails is told, and tried again: this controller is there to lead when it has to, whatever
  /// becomes of queries.
  func run(_ store: any Store, _ leader: Leader) async {
    let writes = OrderedWrites()
    let events = EventLog(store: store, writes: writes, logger: logger, now: { .now })
    var problem: String?
    await LastingWork().run { error in
      // Once, however often it fails the same.
      guard problem != "\(error)" else { return }
      problem = "\(error)"
      events.add(
        .controller, "a controller that stands by answers no queries, and tries again: \(error)", level: .warning)
    } _: { isWell in
      try await answer(store, leader) {
        isWell()
        guard problem != nil else { return }
        problem = nil
        events.add(.controller, "a controller that stands by answers queries again")
      }
    }
    await writes.settle()
  }

  /// - Parameter begun: is called once it answers.
  private func answer(_ store: any Store, _ leader: Leader, _ begun: () -> Void) async throws {
    let federation = try file.read().federation
    let collector = Collector(
      store: store, configuration: Collector.Configuration(configuration, isFollowing: true), logger: logger,
      liveHosts: { _ in [] })
    let answers = CollectedAnswers(collector: collector, federation: { (try? file.read().federation) ?? federation })
    let server = GRPCServer(
      transport: .http2NIOPosix(
        address: .unixDomainSocket(path: configuration.socketPath), transportSecurity: .plaintext),
      services: [StandbyService(answers: answers, leader: leader)])
    try await collector.load()
    try SocketPath.claim(configuration.socketPath)
    logger.info("answers queries at \(configuration.socketPath) while it stands by")
    begun()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.serve() }
      group.addTask { try await collector.follow() }
      defer { group.cancelAll() }
      try await group.next()
    }
  }
}
