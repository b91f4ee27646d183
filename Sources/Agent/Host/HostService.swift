internal import GRPCCore
internal import GRPCNIOTransportHTTP2
internal import Foundation
internal import Libvirt
internal import Linux
package import Logging
internal import Model
internal import Moves
internal import ServiceLifecycle
internal import SystemPackage
internal import Trust
internal import Wire

/// The agent of a host as a service: its two servers, its connections to peers, the hypervisor and the kernel.
package struct HostService: Service {
  package let agent: HostAgent
  /// Nil: without a controller.
  private let reporting: Reporting?
  private let configuration: HostConfiguration
  private let kernel: any FabricKernel
  private let logger: Logger
  /// Of moves that an agent before this one hasn't ended.
  private let records: [JournalRecord]

  /// Makes the state folder where it is missing.
  ///
  /// - Parameter kernel: that carries the fabric; nil: that of this network namespace.
  /// - Throws: where that can't be used, the state of an earlier agent can't be read, or another agent runs on it
  package init(configuration: HostConfiguration, logger: Logger, kernel: (any FabricKernel)? = nil) throws {
    self.configuration = configuration
    self.logger = logger
    // As with journal and commands: the owner's alone.
    try FileManager.default.createDirectory(
      atPath: configuration.stateDirectory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    // Before the journal is touched, which would be another agent's.
    try UnixSocket.claim(FilePath(configuration.socketPath))
    // What is wrong with it is found before anything begins.
    let trust = try configuration.credentials.map { try HostTrust($0, of: configuration, logger: logger) }
    let (journal, records) = try Journal<JournalRecord>.open(
      path: configuration.stateDirectory + "/journal", keep: MoveBook.kept)
    self.records = records
    let kernel = try kernel ?? KernelFabric()
    self.kernel = kernel
    let agent = try HostAgent(
      configuration: configuration, kernel: kernel, journal: journal, trust: trust, logger: logger)
    self.agent = agent
    reporting =
      configuration.controllers.isEmpty ? nil : try Reporting(configuration, agent: agent, logger: logger)
  }

  /// Runs until the graceful shutdown of its group. VMs and the kernel's fabric stay as they are.
  package func run() async throws {
    let peerServer = try peerServer()
    let operatorServer = GRPCServer(
      transport: .http2NIOPosix(
        address: .unixDomainSocket(path: configuration.socketPath), transportSecurity: .plaintext),
      services: [OperatorService(agent: agent)])
    let changes = try kernel.events()
    try await withGracefulShutdownHandler {
      try await withThrowingTaskGroup { group in
        let place = "\(configuration.host.address), port \(configuration.port)"
        group.addTask { try await peerServer.serveUntilCancelled(at: place) }
        group.addTask { try await operatorServer.serveUntilCancelled(at: configuration.socketPath) }
        group.addTask { await agent.run(records, changes: changes) }
        if let trust = agent.trust {
          group.addTask { try await trust.peers.run() }
          group.addTask { await agent.watchTrust() }
        }
        if let reporting { group.addTask { await reporting.run() } }
        _ = try await group.next()
        group.cancelAll()
      }
    } onGracefulShutdown: {
      peerServer.beginGracefulShutdown()
      operatorServer.beginGracefulShutdown()
    }
  }

  /// For the agents of other hosts: with TLS 1.3 and certificates at both ends, or in clear.
  private func peerServer() throws -> GRPCServer<HTTP2ServerTransport.Posix> {
    let (address, port, trust) = (configuration.host.address, configuration.port, agent.trust?.peers)
    var settings = trust?.serverConfiguration() ?? .defaults
    settings.connection.keepalive.clientBehavior.minPingIntervalWithoutCalls = .seconds(5)
    trust?.bound(&settings)
    return GRPCServer(
      transport: .http2NIOPosix(
        address: address.family == .v4
          ? .ipv4(host: "\(address)", port: port) : .ipv6(host: "\(address)", port: port),
        transportSecurity: try trust?.serverSecurity() ?? .plaintext, config: settings),
      services: [PeerService(agent: agent), OperatorService(agent: agent, trust: trust)],
      interceptorPipeline: trust.map(PeerCalls.gates) ?? [])
  }
}

extension HostAgent {
  /// Everything that goes on besides answering, until cancelled.
  ///
  /// - Parameter changes: of the fabric in the kernel, whoever makes them.
  func run(_ records: [JournalRecord], changes: AsyncStream<Void>) async {
    moves.addEnded(from: records)
    let found = fabric.read()
    restorePhases(records, found: found)
    program()
    let (events, continuation) = AsyncStream.makeStream(of: HypervisorEvent.self)
    await withDiscardingTaskGroup { group in
      for peer in peers.values {
        group.addTask { await peer.run() }
        group.addTask { await self.keepInTouch(with: peer) }
      }
      group.addTask {
        await self.hypervisor.run { event in
          continuation.yield(event)
        } onConnected: {
          await self.refreshAll()
          await self.recoverOnce(records, found: found)
          await self.readIncoming()
        }
        continuation.finish()
      }
      group.addTask { for await event in events { await self.handle(event) } }
      group.addTask { await self.watchManagers() }
      group.addTask { await self.watchForeignVMs() }
      group.addTask {
        for await _ in changes {
          // One command changes many things; all of them are mended at once.
          try? await Task.sleep(for: .milliseconds(50))
          await self.reconcile()
        }
      }
      group.addTask {
        while !Task.isCancelled {
          try? await Task.sleep(for: .seconds(5))
          await self.reconcile()
          await self.claimStrays()
        }
      }
    }
  }
}
