internal import Foundation
internal import GRPCCore
internal import GRPCNIOTransportHTTP2
package import Model
internal import SwiftProtobuf
package import Trust
internal import Wire

/// How a host comes by its first certificate: it shows its controller a token, having known it by its authority's key.
///
/// The key is made here and stays here. It waits in the folder until its certificate is there too, so that a host that
/// is interrupted asks with the same key again, which the same token is good for.
package struct HostJoin: Sendable {
  /// Port on which controllers let hosts join.
  package static let usualPort = 8083

  package var controller: DialAddress
  package var token: JoinToken
  /// By which the controller is known.
  package var authority: KeyHash
  package var host: Identity
  /// By which the host would be dialled.
  package var names: [SubjectName]
  /// Where its credentials go; made where it is missing.
  package var folder: String
  package var now: @Sendable () -> Timestamp

  package enum Outcome: Sendable {
    case joined(Credentials)
    /// There was nothing to do.
    case present(Credentials)
  }

  package init(
    controller: DialAddress, token: JoinToken, authority: KeyHash, host: Identity, names: [SubjectName], folder: String,
    now: @escaping @Sendable () -> Timestamp
  ) {
    (self.controller, self.token, self.authority) = (controller, token, authority)
    (self.host, self.names, self.folder, self.now) = (host, names, folder, now)
  }

  /// - Throws: `TrustError`, in words for whoever wants to join.
  package func run() async throws -> Outcome {
    switch try prepare() {
    case .done(let credentials): return .present(credentials)
    case .ask(let pending): return .joined(try keep(await ask(pending), pending))
    }
  }

  private enum Step {
    case done(Credentials)
    case ask(PendingCertificate)
  }

  // What throws `TrustError` by its type isn't inlined where something is waited for: swift 6.3.1's optimizer crashes
  // there.

  @inline(never) private func prepare() throws -> Step {
    if let present = try present() { return .done(present) }
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw TrustError(.file, "the folder \(folder) can't be made: \(error.localizedDescription)")
    }
    return .ask(try PendingCertificate(host, names: names, folder: folder))
  }

  /// Of an earlier time; nil: none that is still good.
  private func present() throws(TrustError) -> Credentials? {
    let own = AuthorityFolder(path: folder)
    if own.hasKey, try own.load().keyHash != authority {
      throw TrustError(.exists, "\(folder) has an authority, and another one than \(authority): name another folder")
    }
    let present: Credentials
    do throws(TrustError) {
      present = try Credentials.load(folder: folder)
    } catch {
      guard error.code == .missing else { throw error }
      return nil
    }
    guard present.identity == host else {
      throw TrustError(.exists, "\(folder) has the certificate of \(present.identity) already: name another folder")
    }
    guard present.isSigned(by: authority) else {
      throw TrustError(
        .exists,
        "\(folder) has a certificate of another authority than \(authority): remove \(folder)/credentials.pem first")
    }
    return present.notAfter > now() ? present : nil
  }

  private func ask(_ pending: PendingCertificate) async throws -> Transhumance_V1_CertificateReply {
    let refusals = CollectedRefusals()
    let request = Transhumance_V1_JoinRequest.with {
      $0.token = token.text
      $0.host = host.name
      $0.certificateRequest = Data(pending.request.der)
    }
    var options = CallOptions.defaults
    (options.timeout, options.waitForReady) = (.seconds(30), false)
    let security = HTTP2ClientTransport.Posix.TransportSecurity.joining(
      authority, revocations: try revocations(), at: now, refused: { line in refusals.add(line) })
    do {
      return try await withGRPCClient(
        transport: .http2NIOPosix(target: controller.target, transportSecurity: security)
      ) { try await Transhumance_V1_Join.Client(wrapping: $0).join(request, options: options) }
    } catch let error as RPCError {
      throw reason(error, refusals.first)
    }
  }

  /// Of the list in its folder, where somebody has put one: a copy of the authority's.
  @inline(never) private func revocations() throws -> Revocations {
    try AuthorityFolder(path: folder).wholeRevocations()
  }

  /// - Parameter refusal: why the server wasn't believed.
  private func reason(_ error: RPCError, _ refusal: String?) -> TrustError {
    if let refusal {
      return TrustError(
        .untrusted, "\(controller) isn't believed to be the controller, and was told nothing: \(refusal)")
    }
    switch error.code {
    case .unauthenticated: return TrustError(.badToken, "the controller refused: \(error.message)")
    case .permissionDenied, .resourceExhausted, .invalidArgument:
      return TrustError(.notAllowed, "the controller refused: \(error.message)")
    case .unavailable, .deadlineExceeded:
      return TrustError(
        .missing,
        "no controller lets hosts join at \(controller): is it up, with --cert-dir, and is the port right? "
          + "(\(error.message))")
    default: return TrustError(.missing, "\(controller) doesn't let hosts join: \(error.message)")
    }
  }

  @inline(never) private func keep(
    _ reply: Transhumance_V1_CertificateReply, _ pending: PendingCertificate
  ) throws -> Credentials {
    let credentials = try pending.credentials(from: JoinGrant(reply), authority: authority)
    try pending.save(credentials, folder: folder)
    return credentials
  }
}

extension JoinGrant {
  init(_ reply: Transhumance_V1_CertificateReply) {
    self.init(chain: reply.chain.map { Array($0) }, roots: reply.authorities.map { Array($0) })
  }
}
