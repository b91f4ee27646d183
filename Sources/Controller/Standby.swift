internal import GRPCCore
internal import GRPCNIOTransportHTTP2
internal import Logging
internal import Model
internal import Storage

/// Answers queries while another controller leads: from what that one has merged.
struct Standby: Sendable {
  let configuration: ControllerConfiguration
  let file: FederationFile
  let logger: Logger

  /// Until cancelled. What fails is said, and no more than that: this controller is there to lead when it has to.
  func run(_ store: any Store, _ leader: Leader) async {
    do {
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
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await server.serve() }
        group.addTask { try await collector.follow() }
        defer { group.cancelAll() }
        try await group.next()
      }
    } catch {
      if !Task.isCancelled { logger.warning("answers no queries while it stands by: \(error)") }
    }
  }
}
