internal import Foundation
package import GRPCCore
package import Logging
package import Model
internal import Synchronization
package import Trust
package import Wire

/// Gives hosts that have a token their first certificate.
package final class JoinService: Transhumance_V1_Join.SimpleServiceProtocol {
  /// In a minute, of one address. Twenty hosts that join at once through one NAT may have to wait.
  package static let mostAttempts = 30

  private let authority: AuthorityFolder
  private let isMember: @Sendable (_ host: String) async -> Bool
  private let now: @Sendable () -> Timestamp
  /// Told of those who may not join.
  private let refused: @Sendable (String) -> Void
  private let logger: Logger
  private let attempts = Mutex(AttemptLimit<IPAddress?>(JoinService.mostAttempts, in: 60_000_000_000))
  private let tokens: WatchedFile<JoinTokens>
  /// What those with a good token have done: a request is checked, and the folder is waited for.
  private let work = FileWork("joining", atMost: 64)

  /// - Parameter isMember: whether the federation has a host of that name.
  package init(
    authority: AuthorityFolder, isMember: @escaping @Sendable (_ host: String) async -> Bool,
    now: @escaping @Sendable () -> Timestamp, refused: @escaping @Sendable (String) -> Void, logger: Logger
  ) {
    (self.authority, self.isMember, self.now, self.refused) = (authority, isMember, now, refused)
    self.logger = logger
    tokens = authority.watchJoinTokens()
  }

  package func join(
    request: Transhumance_V1_JoinRequest, context: ServerContext
  ) async throws -> Transhumance_V1_CertificateReply {
    let peer = context.peerAddress
    let now = now()
    guard attempts.withLock({ $0.admit(peer?.network, at: now) }) else {
      refused("refused to let a host join from \(context.remotePeer): more than \(Self.mostAttempts) attempts a minute")
      throw RPCError(
        code: .resourceExhausted,
        message: "more than \(Self.mostAttempts) attempts a minute from your address: try again in a minute")
    }
    do {
      // Before anything that costs more than a look: whoever has none learns so, and nothing else.
      let token = try token(of: request, at: now)
      let isMember = await isMember(request.host)
      let (reply, record) = try await work.run { [authority] in
        try Self.answer(request, token, from: peer?.address, isMember: isMember, by: authority, at: now)
      }
      logger.notice(
        "host \(record.name) joined by \(record.by), from \(context.remotePeer)",
        metadata: ["serial": "\(record.serial)", "notAfter": "\(record.notAfter)"])
      return reply
    } catch {
      let error = error is FileWork.Busy ? Self.busy : error
      refused("refused to let host \(request.host.prefix(64)) join from \(context.remotePeer): \(error)")
      throw error
    }
  }

  private static let busy = RPCError(code: .resourceExhausted, message: "too many hosts join at once: try again")

  // These throw `TrustError`; by its type and inlined it would crash swift 6.3.1's optimizer.

  @inline(never) private func token(of request: Transhumance_V1_JoinRequest, at now: Timestamp) throws -> JoinToken {
    guard let token = JoinToken(request.token) else {
      throw TrustError(.badToken, "that is no token: it has the form abcdef.0123456789abcdef")
    }
    do throws(TrustError) {
      try tokens.current.check(token, at: now)
    } catch {
      guard tokens.problem == nil else {
        throw TrustError(.file, "the controller can't read its tokens, and lets no host join: its log says why")
      }
      throw error
    }
    return token
  }

  @inline(never) private static func answer(
    _ request: Transhumance_V1_JoinRequest, _ token: JoinToken, from address: IPAddress?, isMember: Bool,
    by authority: AuthorityFolder, at now: Timestamp
  ) throws -> (Transhumance_V1_CertificateReply, IssuedRecord) {
    let wanted = try CertificateRequest(der: Array(request.certificateRequest))
    let names = wanted.names.filter { $0.isOwn(of: request.host, at: address) }
    let issued = try authority.join(
      JoinRequest(token: token, host: request.host, request: wanted), names: names, isMember: isMember, at: now)
    return (Transhumance_V1_CertificateReply(try issued.grant), issued.record)
  }
}

extension SubjectName {
  /// Whether a host may have the name for itself: the address from which it calls, or one of the DNS that begins with
  /// the host's own. By others it could pass for another host, with libvirt and QEMU.
  fileprivate func isOwn(of host: String, at caller: IPAddress?) -> Bool {
    switch self {
    case .address(let address): address == caller
    case .dns(let name): name.split(separator: ".").first.map(String.init) == host
    }
  }
}

extension Transhumance_V1_CertificateReply {
  init(_ grant: JoinGrant) {
    self.init()
    chain = grant.chain.map { Data($0) }
    authorities = grant.roots.map { Data($0) }
  }
}
