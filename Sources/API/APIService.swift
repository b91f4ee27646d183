internal import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
internal import Linux
package import Logging
internal import Model
internal import NIOCore
internal import NIOSSL
internal import ServiceLifecycle
internal import Synchronization
package import Trust

/// The HTTP API of a controller: over TLS 1.3 for those with tokens where it has an authority, else in clear to look at.
package struct APIService: Service {
  /// It never listened.
  package struct ListenError: Error, CustomStringConvertible {
    package var description: String
  }

  private let configuration: APIConfiguration
  private let controller: any ControllerAccess
  private let tls: TLSConfiguration?
  private let logger: Logger
  private let listens: @Sendable (_ port: Int) -> Void

  /// - Parameters:
  ///   - trust: as who it is known; nil: in clear, and only without tokens: they are secrets.
  ///   - listens: called once it does.
  /// - Throws: where the credentials can't be used.
  package init(
    _ configuration: APIConfiguration, controller: any ControllerAccess, trust: PeerTrust?, logger: Logger,
    listens: @escaping @Sendable (_ port: Int) -> Void = { _ in }
  ) throws {
    precondition((trust == nil) == (configuration.authority == nil), "tokens are for TLS, and TLS is for tokens")
    (self.configuration, self.controller, self.logger, self.listens) = (configuration, controller, logger, listens)
    tls = try trust?.httpsConfiguration()
  }

  /// Until the graceful shutdown of its group.
  ///
  /// - Throws: `ListenError`, or why it ended by itself.
  package func run() async throws {
    let hasStarted = Mutex(false)
    let refused = RefusalLines(now: { .now }, tell: { logger.warning("\($0)") })
    // What the server itself would log is logged here.
    var quiet = logger
    quiet.logLevel = .critical
    let place = "\(configuration.address):\(configuration.port)"
    do {
      try await Application(
        responder: responder(refused), server: try server(refused),
        configuration: ApplicationConfiguration(
          address: .hostname("\(configuration.address)", port: configuration.port), backlog: 128,
          availableConnectionsDelegate: .maximum(configuration.limits.connections, logger: quiet)),
        onServerRunning: { channel in
          hasStarted.withLock { $0 = true }
          let port = channel.localAddress?.port ?? configuration.port
          let manner = tls == nil ? ", in clear, only to look" : ""
          logger.info("serves the API at \(configuration.address):\(port)\(manner)")
          listens(port)
        }, logger: quiet
      ).run()
    } catch {
      guard hasStarted.withLock({ $0 }) || error is CancellationError else {
        throw ListenError(description: "\(ListenProblem(error, at: place))")
      }
      throw error
    }
  }

  private func responder(_ refused: RefusalLines) -> APIResponder {
    let limits = configuration.limits
    return APIResponder(
      controller: controller, admission: configuration.authority.map { .tokens($0.watchAPITokens()) } ?? .open,
      limits: limits, slots: Slots(total: limits.queries, each: limits.queriesOfCaller),
      followers: Slots(total: limits.queries, each: limits.queriesOfCaller), refused: refused, now: { .now })
  }

  private func server(_ refused: RefusalLines) throws -> HTTPServerBuilder {
    let limits = configuration.limits
    let census = Slots(total: limits.connections, each: limits.connectionsOfAddress)
    let isSecure = tls != nil
    let http = HTTP1Channel.Configuration(
      additionalChannelHandlers: [
        ConnectionGuard(census: census, patience: limits.unread, longest: 1 << 20, isSecure: isSecure, refused: refused)
      ], idleTimeout: TimeAmount(limits.idle),
      httpDecoderConfiguration: .init(
        maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes, maxHeaderFieldCount: 100))
    return try tls.map { try .tls(.http1(configuration: http), tlsConfiguration: $0) } ?? .http1(configuration: http)
  }
}
