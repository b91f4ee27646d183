package import GRPCNIOTransportHTTP2
package import Model
internal import NIOCore
internal import NIOSSL
internal import X509

extension HTTP2ClientTransport.Posix.TransportSecurity {
  /// For a host that joins: it has no certificate, and knows its controller by the hash of its authority's key alone.
  ///
  /// - Parameters:
  ///   - revocations: of which it has been told.
  ///   - refused: told in a line of a server that isn't the controller.
  package static func joining(
    _ authority: KeyHash, revocations: Revocations = Revocations(), at now: @escaping @Sendable () -> Timestamp,
    refused: @escaping @Sendable (String) -> Void
  ) -> Self {
    .tls { tls in
      tls.trustRoots = .certificates([])
      tls.serverCertificateVerification = .noHostnameVerification
      tls.customVerificationCallback = { shown, promise in
        promise.completeWithTask {
          await JoiningCheck(authority: authority, revocations: revocations, refused: refused).judge(shown, at: now())
        }
      }
    }
  }
}

/// Whether a server is the controller of the authority that a joining host was told of.
private struct JoiningCheck: Sendable {
  let authority: KeyHash
  let revocations: Revocations
  let refused: @Sendable (String) -> Void

  func judge(_ shown: [NIOSSLCertificate], at now: Timestamp) async -> NIOSSLVerificationResultWithMetadata {
    // The authority's certificate comes with the controller's.
    let roots = shown.compactMap(root)
    guard !roots.isEmpty else {
      refused("refused a server: it isn't of the authority \(authority); compare with transhumance ca show")
      return .failed
    }
    let check = ChainCheck(roots: roots, revocations: revocations)
    return await check.judge(shown, as: .server, at: now, refused: refused) { $0.refusal(unless: .controller) }
  }

  /// Nil where it isn't the authority's.
  private func root(_ certificate: NIOSSLCertificate) -> Certificate? {
    guard let der = try? certificate.toDERBytes(), let root = try? Certificate(der: der, source: "the server"),
      let hash = try? KeyHash(of: root.publicKey)
    else { return nil }
    return hash == authority ? root : nil
  }
}
