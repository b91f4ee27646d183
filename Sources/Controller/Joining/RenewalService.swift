internal import Foundation
package import GRPCCore
package import Logging
internal import Model
internal import Synchronization
package import Trust
package import Wire

/// Gives whoever shows a good certificate the next one, for the same name and as long a time.
package final class RenewalService: Transhumance_V1_Renewal.SimpleServiceProtocol {
  /// In an hour, of one holder; commonly it is one in two months.
  package static let mostAttempts = 10

  private let authority: AuthorityFolder
  private let trust: PeerTrust
  private let isMember: @Sendable (_ host: String) async -> Bool
  private let logger: Logger
  private let attempts = Mutex(AttemptLimit<Identity>(RenewalService.mostAttempts, in: 3_600_000_000_000))
  private let work = FileWork("renewal", atMost: 256)

  /// - Parameter isMember: whether the federation has a host of that name.
  package init(
    authority: AuthorityFolder, trust: PeerTrust, isMember: @escaping @Sendable (_ host: String) async -> Bool,
    logger: Logger
  ) {
    (self.authority, self.trust, self.isMember, self.logger) = (authority, trust, isMember, logger)
  }

  package func renew(
    request: Transhumance_V1_RenewRequest, context: ServerContext
  ) async throws -> Transhumance_V1_CertificateReply {
    let peer = try trust.peer(of: context)
    let now = trust.now()
    guard attempts.withLock({ $0.admit(peer.identity, at: now) }) else {
      throw RPCError(code: .resourceExhausted, message: "more than \(Self.mostAttempts) renewals an hour")
    }
    if peer.identity.role == .host, await !isMember(peer.identity.name) {
      throw RPCError(code: .permissionDenied, message: "the federation has no \(peer.identity)")
    }
    do {
      let (reply, record) = try await work.run { [authority] in
        try Self.answer(request, of: peer, by: authority, at: now)
      }
      logger.notice(
        "\(peer.identity) renewed its certificate, from \(context.remotePeer)",
        metadata: ["serial": "\(record.serial)", "notAfter": "\(record.notAfter)"])
      return reply
    } catch {
      let error = error is FileWork.Busy ? Self.busy : error
      trust.refused("refused to renew the certificate of \(peer.identity): \(error)")
      throw error
    }
  }

  private static let busy = RPCError(code: .resourceExhausted, message: "too many renew at once: try again")

  // As with `JoinService`: not inlined.
  @inline(never) private static func answer(
    _ request: Transhumance_V1_RenewRequest, of peer: Peer, by authority: AuthorityFolder, at now: Timestamp
  ) throws -> (Transhumance_V1_CertificateReply, IssuedRecord) {
    // The names that it has already: whoever gave it those has judged them.
    let issued = try authority.renew(
      peer, CertificateRequest(der: Array(request.certificateRequest)), names: peer.names, at: now)
    return (Transhumance_V1_CertificateReply(try issued.grant), issued.record)
  }
}
