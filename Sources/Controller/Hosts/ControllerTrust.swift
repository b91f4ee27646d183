internal import Foundation
internal import GRPCCore
internal import GRPCNIOTransportHTTP2
internal import Linux
package import Logging
package import Model
package import Trust

/// How a controller knows its hosts and is known to them: by an authority's folder that it can read.
package struct ControllerTrust: Sendable {
  package let peers: PeerTrust
  private let authority: AuthorityFolder
  private let identity: Identity
  private let names: [SubjectName]
  private let folder: String
  private let logger: Logger
  private let revocations: WatchedFile<Revocations>
  private let work = FileWork("credentials", atMost: 2)

  /// Credentials are made by the authority where there are none that will do.
  ///
  /// - Parameters:
  ///   - addresses: at which hosts and others find it.
  ///   - folder: of the credentials.
  /// - Throws: `TrustError`; also where it can't be known who is revoked.
  package init(authority: AuthorityFolder, addresses: [IPAddress], folder: String, logger: Logger) throws(TrustError) {
    identity = try Identity(.controller, ProcessInfo.processInfo.hostName)
    names = Set(addresses).sorted().map { .address($0) }
    (self.authority, self.folder, self.logger) = (authority, folder, logger)
    let revocations = authority.watchRevocations()
    self.revocations = revocations
    _ = try authority.revocations()
    let refusals = RefusalLines(now: { .now }, tell: { logger.warning("\($0)") })
    peers = try PeerTrust(
      authority.ownCredentials(identity, names: names, folder: folder, at: .now),
      revocations: { revocations.current }, now: { .now }, refused: { refusals.add($0) })
  }

  func renewal(isMember: @escaping @Sendable (_ host: String) async -> Bool) -> RenewalService {
    RenewalService(authority: authority, trust: peers, isMember: isMember, logger: logger)
  }

  /// - Throws: where the credentials can't be used.
  func joinServer(
    address: IPAddress, port: Int, isMember: @escaping @Sendable (_ host: String) async -> Bool
  ) throws -> GRPCServer<HTTP2ServerTransport.Posix> {
    let service = JoinService(
      authority: authority, isMember: isMember, now: peers.now, refused: peers.refused, logger: logger)
    return try JoinServer.make(address: address, port: port, trust: peers, service: service)
  }

  /// Ends calls of those who are revoked, renews its own certificate in time, and says what is wrong with the
  /// authority's files; until cancelled.
  package func run() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await peers.run() }
      group.addTask {
        while true {
          try await Task.sleep(for: .seconds(3600))
          await renew()
        }
      }
      group.addTask { try await watchFiles() }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  /// Has hosts told of all that is revoked, within a second of each change; until cancelled.
  func watchRevocations(_ tell: (Set<SerialNumber>) async -> Void) async throws {
    var told: Set<SerialNumber>?
    while true {
      let revoked = Set(revocations.current.entries.keys)
      if revoked != told {
        told = revoked
        await tell(revoked)
      }
      try await Task.sleep(for: .seconds(1))
    }
  }

  private func watchFiles() async throws {
    let (joining, programs) = (authority.watchJoinTokens(), authority.watchAPITokens())
    var problems = FileProblems()
    while true {
      for news in [problems.news(of: revocations), problems.news(of: joining), problems.news(of: programs)] {
        switch news {
        case .wrong(let text): logger.error("\(text)")
        case .right(let text): logger.notice("\(text)")
        case nil: break
        }
      }
      try await Task.sleep(for: .seconds(1))
    }
  }

  private func renew() async {
    do {
      let own = try await work.run { [authority, identity, names, folder] in
        try authority.ownCredentials(identity, names: names, folder: folder, at: .now)
      }
      try show(own)
    } catch {
      logger.error("the controller's certificate can't be renewed: \(error)")
    }
  }

  // Throws `TrustError` by its type: not inlined, as with `JoinService`.
  @inline(never) private func show(_ credentials: Credentials) throws { try peers.replace(credentials) }
}
