internal import Documents
internal import Glibc
internal import GRPCCore
internal import GRPCNIOTransportHTTP2
internal import Linux
package import Logging
internal import Model
internal import ServiceLifecycle
internal import Storage
internal import Wire

/// The controller as a service: a TCP listener for hosts and operators, and a Unix socket for operators.
package struct ControllerService: Service {
  static let version = "0.1.0"

  private let configuration: ControllerConfiguration
  private let logger: Logger
  private let lock: StateLock
  private let file: FederationFile
  private let firstVersion: FederationFile.Version
  private let registry: HostRegistry
  private let collector: Collector
  private let decider: Decider

  /// - Throws: `DocumentError` or `ControllerError` in words for people
  package init(configuration: ControllerConfiguration, logger: Logger) throws {
    self.configuration = configuration
    self.logger = logger
    file = FederationFile(path: configuration.federationPath)
    firstVersion = file.version
    let (federation, warnings) = try file.read()
    for warning in warnings { logger.warning("\(warning)") }
    lock = try StateLock(directory: configuration.stateDirectory)
    let store: SQLiteStore
    do {
      store = try SQLiteStore(
        path: configuration.stateDirectory + "/controller.sqlite", retainedPeriods: configuration.retainedPeriods)
    } catch {
      throw ControllerError(error.description)
    }
    let registry = HostRegistry(hosts: federation.hostNames, now: { .now })
    self.registry = registry
    var held = Collector.Configuration()
    // What is amended is read from the store.
    held.heldPeriods = min(held.heldPeriods, configuration.retainedPeriods ?? .max)
    let collector = Collector(
      store: store, configuration: held, logger: logger, liveHosts: { await registry.hosts(heardWithin: $0) })
    self.collector = collector
    decider = Decider(
      federation: federation, hosts: RegistryControl(registry: registry), store: store,
      held: { await collector.held }, settings: configuration.decisions, logger: logger, now: { .now })
  }

  /// Runs until the graceful shutdown of its group.
  package func run() async throws {
    do {
      try await collector.load()
      try await decider.load()
    } catch let error as StoreError {
      throw ControllerError(error.description)
    }
    let control = ControlService(decider: decider, collector: collector)
    let hosts = HostConnectionService(registry: registry, intake: collector, logger: logger)
    let (address, port) = (configuration.address, configuration.port)
    let server = GRPCServer(
      transport: .http2NIOPosix(
        address: address.family == .v4
          ? .ipv4(host: "\(address)", port: port) : .ipv6(host: "\(address)", port: port),
        transportSecurity: .plaintext,
        config: .defaults {
          $0.rpc.maxRequestPayloadSize = WireLimits.largestMessage
          $0.connection.keepalive.time = .seconds(20)
          $0.connection.keepalive.timeout = .seconds(10)
          $0.connection.keepalive.clientBehavior.minPingIntervalWithoutCalls = .seconds(10)
        }),
      services: [hosts])
    let operators = GRPCServer(
      transport: .http2NIOPosix(
        address: .unixDomainSocket(path: configuration.socketPath), transportSecurity: .plaintext),
      services: [control])
    // It stays when this ends: the next one finds that nobody answers there.
    try SocketPath.claim(configuration.socketPath)
    try await withGracefulShutdownHandler {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await Self.serve(server, at: "\(address):\(port)") }
        group.addTask { try await Self.serve(operators, at: configuration.socketPath) }
        group.addTask { try await collector.run() }
        group.addTask { await decider.run(closed: collector.closedPeriods) }
        group.addTask { try await watchFederation() }
        group.addTask { await HostWatch(registry: registry, events: decider.events).run() }
        group.addTask {
          _ = try await server.listeningAddress
          _ = try await operators.listeningAddress
          logger.info("listens at \(address):\(port) and \(configuration.socketPath)")
          try await Task.sleep(for: .seconds(1_000_000_000))
        }
        group.addTask {
          try await gracefulShutdown()
          await registry.close()
          // For operators who look on.
          try await Task.sleep(for: .seconds(1))
        }
        defer { group.cancelAll() }
        try await group.next()
      }
    } onGracefulShutdown: {
      server.beginGracefulShutdown()
      operators.beginGracefulShutdown()
    }
    await decider.settleWrites()
  }

  /// Takes over what operators make of the federation's file.
  private func watchFederation() async throws {
    try await file.watch(since: firstVersion) { result in
      if case .success(let federation) = result { await registry.admit(federation.hostNames) }
      await decider.replaceFederation(result)
    }
  }

  private static func serve(_ server: GRPCServer<HTTP2ServerTransport.Posix>, at place: String) async throws {
    do {
      try await server.serve()
    } catch let error as RuntimeError {
      throw ControllerError("can't listen at \(place): \(error.cause.map { "\($0)" } ?? error.message)")
    }
  }
}

extension Federation {
  fileprivate var hostNames: Set<String> { Set(sites.flatMap(\.hosts).map(\.name)) }
}
