package import Model
internal import X509

/// What a host says that wants to join.
package struct JoinRequest: Sendable {
  package var token: JoinToken
  /// As it is called in the federation.
  package var host: String
  package var request: CertificateRequest

  package init(token: JoinToken, host: String, request: CertificateRequest) {
    (self.token, self.host, self.request) = (token, host, request)
  }
}

/// What it gets: a certificate with its authority's, and the authorities to trust, in DER.
package struct JoinGrant: Hashable, Sendable {
  /// Its own first.
  package var chain: [[UInt8]]
  package var roots: [[UInt8]]

  package init(chain: [[UInt8]], roots: [[UInt8]]) {
    (self.chain, self.roots) = (chain, roots)
  }
}

extension AuthorityFolder {
  /// Gives a certificate to a host that shows a token; the use is counted before the certificate is made.
  ///
  /// - Parameters:
  ///   - names: by which it may be dialled; what it asks for beyond that it doesn't get.
  ///   - isMember: whether the federation has a host of that name.
  /// - Throws: `badToken`, `notAllowed`, and what issuing does.
  package func join(
    _ request: JoinRequest, names: [SubjectName], isMember: Bool = true,
    lifetime: Int64 = CertificateOrder.lifetime, at now: Timestamp
  ) throws(TrustError) -> IssuedCertificate {
    let identity = try Identity(.host, request.host)
    let key = try KeyHash(of: request.request.publicKey).description
    return try lock.hold { () throws(TrustError) in
      let authority = try load()
      let revoked = try revocations().revocations
      let own = try records().records.filter { $0.belongs(to: identity) }
      let isTaken = own.contains { $0.notAfter > now && !revoked.contains($0.serial) }
      let isRevoked = own.contains { $0.by == "\(request.token)" && revoked.contains($0.serial) }
      try updateLocked(joinTokensPath, empty: JoinTokens()) { (tokens) throws(TrustError) in
        try tokens.redeem(request.token, for: request.host, key: key, isMember: isMember, isTaken: isTaken,
          isRevoked: isRevoked, at: now)
      }
      let order = CertificateOrder(identity, names: names, lifetime: lifetime, for: request.request)
      return try record(authority.issue(order, at: now, by: "\(request.token)"))
    }
  }

  /// Gives the holder of a good certificate its next one, with the same name, lasting as long, and a key of its choice.
  ///
  /// - Parameter names: by which it may be dialled, commonly those of the certificate before: `peer.names`.
  /// - Throws: `revoked`, `expired`, and what issuing does.
  package func renew(
    _ peer: Peer, _ request: CertificateRequest, names: [SubjectName], at now: Timestamp
  ) throws(TrustError) -> IssuedCertificate {
    // Nobody's time grows: whoever was given a day renews for a day. Foreign authorities' aren't dated back.
    let whole = peer.notAfter.nanoseconds - peer.notBefore.nanoseconds
    let lifetime = whole > Authority.backdating ? whole - Authority.backdating : whole
    return try lock.hold { () throws(TrustError) in
      // Under the lock: what is revoked together with this certificate can't be renewed meanwhile.
      try revocations().revocations.check(peer)
      try peer.checkExpiry(at: now)
      let order = CertificateOrder(peer.identity, names: names, lifetime: lifetime, for: request)
      return try record(load().issue(order, at: now, by: "\(peer.identity) (renewal of \(peer.serial))"))
    }
  }
}
