package import Model
internal import X509

/// What is asked of an authority.
package struct CertificateOrder: Sendable {
  package var identity: Identity
  /// By which its holder may be dialled, beside the name of the identity.
  package var names: [SubjectName]
  /// Nanoseconds from now on.
  package var lifetime: Int64
  let publicKey: Certificate.PublicKey

  /// As Let's Encrypt's: 90 days.
  package static let lifetime: Int64 = 90 * 86_400 * 1_000_000_000

  /// For a request's key; the names that it asks for count for nothing.
  package init(
    _ identity: Identity, names: [SubjectName] = [], lifetime: Int64 = Self.lifetime, for request: CertificateRequest
  ) {
    (self.identity, self.names, self.lifetime, publicKey) = (identity, names, lifetime, request.publicKey)
  }

  /// For a key that was made here.
  package init(
    _ identity: Identity, names: [SubjectName] = [], lifetime: Int64 = Self.lifetime, for key: KeyPair
  ) {
    (self.identity, self.names, self.lifetime, publicKey) = (identity, names, lifetime, key.key.publicKey)
  }
}

extension CertificateOrder {
  /// Nobody dials operators.
  fileprivate var alternatives: [SubjectName] {
    guard identity.role != .operator, let own = SubjectName(identity.name) else { return names }
    return [own] + names.filter { $0 != own }
  }
}

/// A certificate that was made.
package struct IssuedCertificate: Sendable {
  let certificate: Certificate
  /// It, and its authority's.
  let chain: [Certificate]
  let roots: [Certificate]
  package let record: IssuedRecord

  package var chainPEM: String {
    get throws(TrustError) { try chain.pem }
  }

  package var grant: JoinGrant {
    get throws(TrustError) { JoinGrant(chain: try chain.der, roots: try roots.der) }
  }
}

extension Authority {
  /// Signs a certificate, which lasts as long as the order says, and no longer than the authority.
  ///
  /// - Throws: `expired` where the authority is; `malformed`.
  package func issue(_ order: CertificateOrder, at now: Timestamp, by: String) throws(TrustError) -> IssuedCertificate {
    guard now < notAfter else {
      throw TrustError(
        .expired, "the authority \(subject) expired at \(notAfter): make a new one (transhumance ca init)")
    }
    guard order.lifetime > 0 else { throw TrustError(.malformed, "a certificate's lifetime is above zero") }
    let start = max(now.advanced(byNanoseconds: -Self.backdating), notBefore)
    let end = min(now.advanced(byNanoseconds: order.lifetime), notAfter)
    let names = order.alternatives
    var generator = SystemRandomNumberGenerator()
    let serial = SerialNumber.random(using: &generator)
    do {
      let certificate = try Certificate(
        version: .v3, serialNumber: serial.certificateSerial, publicKey: order.publicKey, notValidBefore: start.date,
        notValidAfter: end.date, issuer: self.certificate.subject, subject: order.identity.distinguishedName,
        extensions: extensions(order, names), issuerPrivateKey: key.key)
      return IssuedCertificate(
        certificate: certificate, chain: [certificate, self.certificate], roots: certificates,
        record: IssuedRecord(
          serial: serial, identity: order.identity, subject: "\(certificate.subject)", names: names,
          notBefore: Timestamp(certificate.notValidBefore), notAfter: Timestamp(certificate.notValidAfter),
          issued: now, by: by))
    } catch {
      throw TrustError(.malformed, "a certificate for \(order.identity) can't be made: \(error)")
    }
  }

  private func extensions(_ order: CertificateOrder, _ names: [SubjectName]) throws -> Certificate.Extensions {
    let alternatives = SubjectAlternativeNames(
      [.uniformResourceIdentifier(order.identity.uri)] + names.map(\.generalName))
    // Operators are nobody's servers.
    let purposes: [ExtendedKeyUsage.Usage] =
      order.identity.role == .operator ? [.clientAuth] : [.serverAuth, .clientAuth]
    let signer = try certificate.extensions.subjectKeyIdentifier ?? SubjectKeyIdentifier(hash: certificate.publicKey)
    return try Certificate.Extensions {
      Critical(BasicConstraints.notCertificateAuthority)
      // Not critical: libvirt and QEMU refuse a critical one without key encipherment, which RFC 5480 §3
      // forbids for keys on elliptic curves.
      KeyUsage(digitalSignature: true)
      try ExtendedKeyUsage(purposes)
      alternatives
      SubjectKeyIdentifier(hash: order.publicKey)
      AuthorityKeyIdentifier(keyIdentifier: signer.keyIdentifier)
    }
  }
}
