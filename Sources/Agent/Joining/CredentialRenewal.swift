internal import GRPCCore
internal import GRPCNIOTransportHTTP2
package import Logging
package import Model
package import Trust

/// Renews a host's certificate in time. Whatever is connected stays so; the next connection shows the new one.
package struct CredentialRenewal: Sendable {
  private let trust: PeerTrust
  private let folder: String
  private let controllers: [HostConfiguration.Controller]
  private let now: @Sendable () -> Timestamp
  private let clock: any Clock<Duration>
  private let logger: Logger

  /// So that a clock that is set is noticed.
  private static let longestWait = 3600.0
  /// Until it is looked whether somebody has had the host join anew.
  private static let pauseOfExpired = Duration.seconds(60)

  /// - Parameter folder: of the credentials, where `transhumance host join` has left them.
  package init(
    trust: PeerTrust, folder: String, controllers: [HostConfiguration.Controller],
    now: @escaping @Sendable () -> Timestamp, clock: any Clock<Duration> = ContinuousClock(), logger: Logger
  ) {
    (self.trust, self.folder, self.controllers) = (trust, folder, controllers)
    (self.now, self.clock, self.logger) = (now, clock, logger)
  }

  /// Until cancelled.
  package func run() async {
    var generator = SystemRandomNumberGenerator()
    var present = trust.credentials
    var renewal = present.renewal(using: &generator)
    var isExpiryTold = false
    while !Task.isCancelled {
      if trust.credentials.peer != present.peer {
        present = trust.credentials
        (renewal, isExpiryTold) = (present.renewal(using: &generator), false)
      }
      switch renewal.action(at: now()) {
      case .wait(let until):
        let rest = until.seconds - now().seconds
        try? await clock.sleep(for: .seconds(min(max(rest, 0.001), Self.longestWait)))
      case .renew:
        do {
          let renewed = try await renew(present)
          logger.notice("the certificate is renewed, until \(renewed.notAfter)")
        } catch {
          guard !Task.isCancelled else { return }
          logger.warning("the certificate, which ends at \(present.notAfter), can't be renewed: \(error.renewalReason)")
          renewal.failed(at: now(), using: &generator)
        }
      case .expired:
        if !isExpiryTold {
          logger.error(
            """
            the certificate expired at \(present.notAfter), it is \(now()) here: if the clock is right, have the host join \
            anew (transhumance token create, transhumance host join)
            """)
        }
        isExpiryTold = true
        try? await clock.sleep(for: Self.pauseOfExpired)
        reload()
      }
    }
  }

  private func reload() {
    guard let found = try? Credentials.load(folder: folder), found.identity == trust.credentials.identity else {
      return
    }
    try? trust.replace(found)
  }

  /// Asks one controller after another: of several, one listens.
  private func renew(_ present: Credentials) async throws -> Credentials {
    var failure: any Error = CancellationError()
    for controller in controllers {
      do {
        let renewed = try await withGRPCClient(
          transport: .http2NIOPosix(
            target: controller.target, transportSecurity: trust.clientSecurity(expecting: .controller))
        ) { try await present.renewed(over: $0) }
        try keep(renewed)
        return renewed
      } catch {
        failure = error
      }
    }
    throw failure
  }

  @inline(never) private func keep(_ renewed: Credentials) throws {
    try renewed.save(folder: folder)
    try trust.replace(renewed)
  }
}

extension Error {
  /// What a person is told.
  fileprivate var renewalReason: String {
    guard let error = self as? RPCError else { return "\(self)" }
    return error.message.isEmpty ? "\(error.code)" : error.message
  }
}
