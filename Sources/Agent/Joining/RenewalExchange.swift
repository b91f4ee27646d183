internal import Foundation
package import GRPCCore
package import GRPCNIOTransportHTTP2
internal import SwiftProtobuf
package import Trust
internal import Wire

extension Credentials {
  /// Those that take the place of these, for a new key, asked of a controller over a connection that shows these.
  ///
  /// - Throws: `RPCError` or `TrustError`
  package func renewed(over client: GRPCClient<HTTP2ClientTransport.Posix>) async throws -> Credentials {
    let pending = try pending()
    let request = Transhumance_V1_RenewRequest.with { $0.certificateRequest = Data(pending.request.der) }
    var options = CallOptions.defaults
    (options.timeout, options.waitForReady) = (.seconds(30), false)
    let reply = try await Transhumance_V1_Renewal.Client(wrapping: client).renew(request, options: options)
    return try successor(reply, pending)
  }

  // As with `HostJoin`: not inlined.

  @inline(never) private func pending() throws -> PendingCertificate {
    try PendingCertificate(identity, names: peer.names)
  }

  @inline(never) private func successor(
    _ reply: Transhumance_V1_CertificateReply, _ pending: PendingCertificate
  ) throws -> Credentials {
    let renewed = try pending.credentials(from: JoinGrant(reply), authority: nil)
    guard renewed.notAfter > notAfter else {
      throw TrustError(
        .expired,
        "the authority gives none that lasts longer: it ends itself, and has to be replaced (docs/security.md)")
    }
    return renewed
  }
}
