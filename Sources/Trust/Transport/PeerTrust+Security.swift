package import GRPCNIOTransportHTTP2
internal import Model
internal import NIOCore
internal import NIOSSL
internal import X509

/// Whom a client means to reach. Names of the DNS count for nothing: sites see one host under several addresses.
package enum ExpectedServer: Hashable, Sendable {
  case controller
  case host(String)

  /// Nil: it is the one.
  fileprivate func refusal(of peer: Peer) -> TrustError? {
    switch self {
    case .controller: return peer.refusal(unless: .controller)
    case .host(let name):
      guard peer.identity.role == .host, peer.identity.name == name else {
        return TrustError(.notAllowed, "meant host \(name), reached \(peer.identity)")
      }
      return nil
    }
  }
}

extension Peer {
  /// Nil: it has that role.
  func refusal(unless role: Identity.Role) -> TrustError? {
    do throws(TrustError) {
      try require(role)
      return nil
    } catch {
      return error
    }
  }
}

extension PeerTrust {
  /// For a server of peers: it shows our certificate and asks for theirs.
  ///
  /// With `requireTLS13` on its configuration.
  package func serverSecurity() throws -> HTTP2ServerTransport.Posix.TransportSecurity {
    try .mTLS(certificateReloader: reloader) { tls in
      tls.trustRoots = Self.trustRoots(credentials)
      tls.requireALPN = true
      tls.customVerificationCallback = { [self] shown, promise in
        promise.completeWithTask { await self.judge(shown, as: .client) { _ in nil } }
      }
    }
  }

  /// For a server of those who have no certificate yet: hosts that join, and whoever has a bearer token.
  package func openServerSecurity() throws -> HTTP2ServerTransport.Posix.TransportSecurity {
    try .tls(certificateReloader: reloader) { $0.requireALPN = true }
  }

  /// For a client that shows our certificate.
  ///
  /// - Parameter met: told at each handshake who it is, for whoever ends connections to those who aren't trusted any more.
  package func clientSecurity(
    expecting server: ExpectedServer, met: @escaping @Sendable (Peer) -> Void = { _ in }
  ) throws -> HTTP2ClientTransport.Posix.TransportSecurity {
    try .mTLS(certificateReloader: reloader) { tls in
      tls.trustRoots = Self.trustRoots(credentials)
      tls.serverCertificateVerification = .noHostnameVerification
      tls.customVerificationCallback = { [self] shown, promise in
        promise.completeWithTask {
          await self.judge(shown, as: .server) { peer in
            let refusal = server.refusal(of: peer)
            if refusal == nil { met(peer) }
            return refusal
          }
        }
      }
    }
  }

  /// The names of authorities in the request for a certificate; what is trusted is decided by `judge`.
  private static func trustRoots(_ credentials: Credentials) -> TLSConfig.TrustRootsSource {
    .certificates(credentials.roots.compactMap { root in (try? root.der).map { .bytes($0, format: .der) } })
  }

  private func judge(
    _ shown: [NIOSSLCertificate], as purpose: ChainCheck.Purpose, _ admit: (Peer) -> TrustError?
  ) async -> NIOSSLVerificationResultWithMetadata {
    await chainCheck.judge(shown, as: purpose, at: now(), refused: refused, admit)
  }
}

extension ChainCheck {
  /// Decides over a handshake; a refusal is told in a line.
  ///
  /// - Parameter admit: why a peer whose certificate is good is refused all the same.
  func judge(
    _ shown: [NIOSSLCertificate], as purpose: Purpose, at now: Timestamp, refused: (String) -> Void,
    _ admit: (Peer) -> TrustError?
  ) async -> NIOSSLVerificationResultWithMetadata {
    let verdict: Result<NIOSSLVerificationResultWithMetadata, any Error>
    switch Self.read(shown) {
    case .success(let chain):
      let found = await check(chain, for: purpose, at: now)
      verdict = Self.conclude(found, admit)
    case .failure(let error): verdict = .failure(error)
    }
    return Self.told(verdict, as: purpose, refused)
  }

  // Whatever throws is kept in functions that aren't inlined: swift 6.3.1's optimizer crashes where it splits an
  // asynchronous function with more than one such place.

  @inline(never) private static func read(_ shown: [NIOSSLCertificate]) -> Result<[Certificate], any Error> {
    Result { try shown.map { try Certificate(der: $0.toDERBytes(), source: "the peer") } }
  }

  @inline(never) private static func conclude(
    _ found: Result<Verified, TrustError>, _ admit: (Peer) -> TrustError?
  ) -> Result<NIOSSLVerificationResultWithMetadata, any Error> {
    Result {
      let found = try found.get()
      if let refusal = admit(found.peer) { throw refusal }
      let verified = try found.path.map { try NIOSSLCertificate(bytes: $0.der, format: .der) }
      return .certificateVerified(.init(.init(verified)))
    }
  }

  @inline(never) private static func told(
    _ verdict: Result<NIOSSLVerificationResultWithMetadata, any Error>, as purpose: Purpose, _ refused: (String) -> Void
  ) -> NIOSSLVerificationResultWithMetadata {
    switch verdict {
    case .success(let result): return result
    case .failure(let error):
      refused("refused a \(purpose == .client ? "client" : "server"): \(error)")
      return .failed
    }
  }
}
