package import Model
internal import SwiftASN1
// Expiry is checked here, by the caller's clock and with words for people.
@_spi(DisableValidityCheck) internal import X509

/// Whether a certificate is one of ours, good now, and for this purpose.
package struct ChainCheck: Sendable {
  /// At which end of a connection the certificate was shown.
  package enum Purpose: Sendable { case client, server }

  /// Authorities that are trusted: they sign themselves, not through others.
  var roots: [Certificate]
  var revocations: Revocations

  init(roots: [Certificate], revocations: Revocations) {
    (self.roots, self.revocations) = (roots, revocations)
  }

  /// Trusts the authorities that these credentials trust.
  package init(trusting credentials: Credentials, revocations: Revocations) {
    self.init(roots: credentials.roots, revocations: revocations)
  }

  /// Who shows a chain in DER, its own certificate first.
  ///
  /// - Throws: `malformed`, `untrusted`, `notYetValid`, `expired`, `revoked`; `notAllowed` for the other purpose's.
  package func peer(_ chain: [[UInt8]], for purpose: Purpose, at now: Timestamp) async throws(TrustError) -> Peer {
    guard chain.count <= Self.longest else { throw Self.tooLong(chain.count) }
    var certificates: [Certificate] = []
    for der in chain { certificates.append(try Certificate(der: der, source: "the peer")) }
    return try await check(certificates, for: purpose, at: now).get().peer
  }

  /// More than any that we make; longer ones take time only.
  private static let longest = 8

  /// - Parameter chain: as the peer showed it, its own first.
  /// - Returns: who it is, and the way from its certificate to a root. (A result: swift 6.3.1's optimizer crashes on
  ///   what is both asynchronous and throws typed errors here.)
  func check(_ chain: [Certificate], for purpose: Purpose, at now: Timestamp) async -> Result<Verified, TrustError> {
    guard let leaf = chain.first else { return .failure(TrustError(.untrusted, "no certificate was shown")) }
    guard chain.count <= Self.longest else { return .failure(Self.tooLong(chain.count)) }
    var verifier = Verifier(rootCertificates: CertificateStore(roots)) {
      RFC5280Policy.withValidityCheckDisabled()
      HandledExtensions()
    }
    let result = await verifier.validate(leaf: leaf, intermediates: CertificateStore(chain.dropFirst()))
    return Result { () throws(TrustError) in try conclude(result, of: leaf, for: purpose, at: now) }
  }

  struct Verified {
    var peer: Peer
    var path: [Certificate]
  }

  private func conclude(
    _ result: CertificateValidationResult, of leaf: Certificate, for purpose: Purpose, at now: Timestamp
  ) throws(TrustError) -> Verified {
    let serial = SerialNumber(leaf.serialNumber)
    guard case .validCertificate(let path) = result else {
      throw TrustError(
        .untrusted, "certificate \(serial) isn't of an authority that is trusted here; its issuer is \(leaf.issuer)")
    }
    let peer = try Peer(leaf)
    guard path.count == 2 else {
      throw TrustError(.untrusted, "\(peer): certificate \(serial) isn't signed by the authority itself")
    }
    for certificate in path { try certificate.checkValidity(at: now, of: peer) }
    try revocations.check(peer)
    try leaf.checkPurpose(purpose, of: peer)
    return Verified(peer: peer, path: Array(path))
  }
}

extension ChainCheck {
  private static func tooLong(_ count: Int) -> TrustError {
    TrustError(.untrusted, "a chain of \(count) certificates: \(longest) at most")
  }
}

/// Extensions that may be critical beside those of RFC 5280's path: we look at both.
private struct HandledExtensions: VerifierPolicy {
  let verifyingCriticalExtensions: [ASN1ObjectIdentifier] = [
    .X509ExtensionID.extendedKeyUsage, .X509ExtensionID.subjectAlternativeName,
  ]

  func chainMeetsPolicyRequirements(chain: UnverifiedCertificateChain) -> PolicyEvaluationResult { .meetsPolicy }
}

extension Revocations {
  /// - Throws: `revoked`.
  package func check(_ peer: Peer) throws(TrustError) {
    guard let entry = self[peer.serial] else { return }
    let when = entry.at.map { " at \($0)" } ?? ""
    let why = entry.reason.isEmpty ? "" : ": \(entry.reason)"
    throw TrustError(.revoked, "\(peer.identity): certificate \(peer.serial) was revoked\(when)\(why)")
  }
}

extension Peer {
  /// - Throws: `expired`.
  package func checkExpiry(at now: Timestamp) throws(TrustError) {
    guard now > notAfter else { return }
    throw TrustError(.expired, "\(identity): certificate \(serial) expired at \(notAfter); it is \(now) here")
  }
}

extension Certificate {
  fileprivate func checkValidity(at now: Timestamp, of peer: Peer) throws(TrustError) {
    let (start, end) = (Timestamp(notValidBefore), Timestamp(notValidAfter))
    let what =
      Trust.SerialNumber(serialNumber) == peer.serial ? "certificate \(peer.serial)" : "its authority's certificate"
    if now < start {
      throw TrustError(
        .notYetValid, "\(peer.identity): \(what) is good from \(start) on; it is \(now) here: compare the clocks")
    }
    if now > end {
      throw TrustError(.expired, "\(peer.identity): \(what) expired at \(end); it is \(now) here")
    }
  }

  /// Without extended key usages a certificate is good for all (RFC 5280 §4.2.1.12).
  fileprivate func checkPurpose(_ purpose: ChainCheck.Purpose, of peer: Peer) throws(TrustError) {
    let usages: ExtendedKeyUsage?
    do {
      usages = try extensions.extendedKeyUsage
    } catch {
      throw TrustError(.untrusted, "\(peer.identity): certificate \(peer.serial): its key usages can't be read")
    }
    guard let usages else { return }
    let wanted: ExtendedKeyUsage.Usage = purpose == .client ? .clientAuth : .serverAuth
    guard usages.contains(wanted) || usages.contains(.any) else {
      throw TrustError(
        .notAllowed, "\(peer.identity): certificate \(peer.serial) is no \(purpose == .client ? "client" : "server")'s")
    }
  }
}
