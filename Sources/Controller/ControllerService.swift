internal import Documents
internal import Foundation
internal import Glibc
internal import GRPCCore
internal import GRPCNIOTransportHTTP2
internal import Linux
package import Logging
internal import Model
internal import ServiceLifecycle
internal import Storage
internal import Trust
internal import Wire

/// The controller as a service: a TCP listener for hosts and a Unix socket for operators, both only while it leads.
package struct ControllerService: Service {
  static let version = "0.1.0"

  private let configuration: ControllerConfiguration
  private let logger: Logger
  private let lock: StateLock
  private let file: FederationFile
  private let companions: [any ControllerCompanion]

  /// - Parameter companions: they run whenever it leads.
  /// - Throws: `DocumentError` or `ControllerError` in words for people
  package init(
    configuration: ControllerConfiguration, companions: [any ControllerCompanion] = [], logger: Logger
  ) throws {
    self.configuration = configuration
    self.companions = companions
    self.logger = logger
    file = FederationFile(path: configuration.federationPath)
    for warning in try file.read().warnings { logger.warning("\(warning)") }
    lock = try StateLock(directory: configuration.stateDirectory)
  }

  /// Runs until the graceful shutdown of its group; serves while it leads.
  package func run() async throws {
    // One for each host, and those of the store.
    FileLimit.raise()
    do {
      let holder = "\(ProcessInfo.processInfo.hostName) (process \(ProcessInfo.processInfo.processIdentifier))"
      let standby = Standby(configuration: configuration, logger: logger)
      try await Leadership(store: try await store(), holder: holder, logger: logger).run(
        standBy: { store, leader in await standby.run(store, leader) },
        { store, rank in try await serve(store, rank) })
    } catch let error as StoreError {
      throw ControllerError(error.description)
    }
  }

  private func store() async throws -> any Store {
    if let database = configuration.database {
      return try await PostgresStore(connection: database, retainedPeriods: configuration.retainedPeriods)
    }
    return try SQLiteStore(
      path: configuration.stateDirectory + "/controller.sqlite", retainedPeriods: configuration.retainedPeriods)
  }

  /// Nil: in clear.
  private func trust() throws -> ControllerTrust? {
    do throws(TrustError) {
      guard let authority = configuration.authority else { return nil }
      return try ControllerTrust(
        authority: authority, addresses: [configuration.address] + configuration.otherAddresses,
        folder: configuration.stateDirectory + "/credentials", logger: logger)
    } catch {
      throw ControllerError("\(error)")
    }
  }

  private func serve(_ store: any Store, _ rank: any LeaderRank) async throws {
    // As it is now: while this controller stood by operators may have edited it.
    let version = file.version
    let parts = try await ControllerParts(
      federation: try file.read().federation, store: store, rank: rank, configuration: configuration, logger: logger)
    let (registry, collector, decider) = (parts.registry, parts.collector, parts.decider)
    let control = ControlService(decider: decider, collector: collector)
    let (address, port) = (configuration.address, configuration.port)
    let trust = try trust()
    let isMember: @Sendable (String) async -> Bool = { await registry.host($0) != nil }
    let server = try HostServer.make(
      address: address, port: port, trust: trust?.peers,
      service: HostConnectionService(registry: registry, intake: collector, logger: logger, trust: trust?.peers),
      renewal: trust?.renewal(isMember: isMember), control: control)
    let joinAddress = configuration.joinAddress ?? address
    let joining = try trust?.joinServer(address: joinAddress, port: configuration.joinPort, isMember: isMember)
    let operators = GRPCServer(
      transport: .http2NIOPosix(
        address: .unixDomainSocket(path: configuration.socketPath), transportSecurity: .plaintext),
      services: [control])
    let hostWatch = HostWatch(registry: registry, events: decider.events, heldOrLetGo: { await decider.endRests() })
    // Before any host can connect.
    let hostChanges = await registry.changes()
    // It stays when this ends: the next one finds that nobody answers there.
    try SocketPath.claim(configuration.socketPath)
    try await withGracefulShutdownHandler {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await Self.serve(server, at: "\(address):\(port)") }
        group.addTask { try await Self.serve(operators, at: configuration.socketPath) }
        if let joining {
          group.addTask { try await Self.serve(joining, at: "\(joinAddress):\(configuration.joinPort)") }
        }
        group.addTask { try await collector.run() }
        group.addTask { await decider.run(closed: collector.closedPeriods) }
        group.addTask { try await watchFederation(since: version, parts) }
        if let trust {
          group.addTask { try await trust.run() }
          group.addTask { try await trust.watchRevocations { await registry.tell(revoked: $0) } }
        }
        let leading = LeadingController(control: control, trust: trust?.peers)
        for companion in companions { group.addTask { try await companion.run(beside: leading) } }
        group.addTask { await hostWatch.run(hostChanges) }
        group.addTask {
          await StoreWatch(store: store, refusal: { await collector.refusal }, events: decider.events).run()
        }
        group.addTask {
          let place = await server.place ?? "–"
          _ = await operators.addressOnceListening
          let joins = await joining?.place.map { "; hosts join at \($0)" } ?? ""
          logger.info("listens at \(place) and \(configuration.socketPath)\(joins)")
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
      joining?.beginGracefulShutdown()
      operators.beginGracefulShutdown()
    }
    if !Task.isCancelled { await decider.settleWrites() }
  }

  /// Takes over what operators make of the federation's file.
  private func watchFederation(since version: FileVersion, _ parts: ControllerParts) async throws {
    try await file.watch(since: version) { result in
      if case .success(let federation) = result { await parts.registry.admit(federation.hostNames) }
      await parts.decider.replaceFederation(result)
    }
  }

  static func serve(_ server: GRPCServer<HTTP2ServerTransport.Posix>, at place: String) async throws {
    do {
      try await server.serveUntilCancelled(at: place)
    } catch let error as ListenProblem {
      throw ControllerError("\(error)")
    }
  }
}

extension GRPCServer<HTTP2ServerTransport.Posix> {
  /// Where it listens, once it does.
  fileprivate var place: String? {
    get async {
      let address = await addressOnceListening
      return address?.ipv4.map { "\($0.host):\($0.port)" } ?? address?.ipv6.map { "[\($0.host)]:\($0.port)" }
    }
  }
}
