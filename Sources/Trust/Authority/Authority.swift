package import Model
internal import X509

/// Who signs certificates: one of our own, or an existing one's certificate and key.
///
/// What it signs is trusted because of its own certificate, whoever signed that: other authorities below the same root
/// speak for nobody here.
package struct Authority: Sendable {
  /// The one that signs first; others beside it are trusted too (the former one, while another takes its place).
  let certificates: [Certificate]
  package let key: KeyPair

  /// As kubeadm's: ten years.
  package static let lifetime: Int64 = 3650 * 86_400 * 1_000_000_000
  /// For clocks that are behind: certificates are good from an hour before they were made.
  static let backdating: Int64 = 3600 * 1_000_000_000

  /// A new one, of a P-256 key that signs itself.
  ///
  /// - Parameters:
  ///   - name: its common name.
  ///   - lifetime: nanoseconds.
  /// - Throws: `malformed`.
  package init(name: String, lifetime: Int64 = Self.lifetime, at now: Timestamp) throws(TrustError) {
    guard (1...64).contains(name.count), lifetime > 0 else {
      throw TrustError(.malformed, "an authority has a name of 1 to 64 characters and a lifetime above zero")
    }
    let pair = KeyPair()
    var generator = SystemRandomNumberGenerator()
    do {
      let subject = try DistinguishedName {
        OrganizationName("transhumance")
        CommonName(name)
      }
      let root = try Certificate(
        version: .v3, serialNumber: SerialNumber.random(using: &generator).certificateSerial,
        publicKey: pair.key.publicKey, notValidBefore: now.advanced(byNanoseconds: -Self.backdating).date,
        notValidAfter: now.advanced(byNanoseconds: lifetime).date, issuer: subject, subject: subject,
        extensions: Certificate.Extensions {
          // It signs no other authorities.
          Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
          Critical(KeyUsage(keyCertSign: true, cRLSign: true))
          SubjectKeyIdentifier(hash: pair.key.publicKey)
          // Says once more that it signs itself: a name that was damaged makes it nobody else's.
          AuthorityKeyIdentifier(keyIdentifier: SubjectKeyIdentifier(hash: pair.key.publicKey).keyIdentifier)
        },
        issuerPrivateKey: pair.key)
      (certificates, key) = ([root], pair)
    } catch {
      throw TrustError(.malformed, "the authority's certificate can't be made: \(error)")
    }
  }

  /// An existing one.
  ///
  /// - Parameter pem: the key's certificate, and others that are trusted beside it, in any order.
  /// - Throws: `malformed` where no certificate is the key's, or one may not sign others.
  package init(certificates pem: [UInt8], key: KeyPair, source: String) throws(TrustError) {
    let all = try PEM.certificates(pem, source: source)
    guard let own = all.first(where: { $0.publicKey == key.key.publicKey }) else {
      throw TrustError(.malformed, "\(source): the key is another certificate's")
    }
    self.init(certificates: [own] + all.filter { $0 != own }, key: key)
    for certificate in certificates { try certificate.checkAuthority(source) }
  }

  private init(certificates: [Certificate], key: KeyPair) {
    (self.certificates, self.key) = (certificates, key)
  }

  /// The same, which trusts none beside it.
  var alone: Authority { Authority(certificates: [certificate], key: key) }

  var certificate: Certificate { certificates[0] }
}

extension Authority {
  /// By which joining hosts know it.
  package var keyHash: KeyHash {
    get throws(TrustError) { try KeyHash(of: certificate.publicKey) }
  }

  package var subject: String { "\(certificate.subject)" }
  package var notAfter: Timestamp { Timestamp(certificate.notValidAfter) }
  package var notBefore: Timestamp { Timestamp(certificate.notValidBefore) }
  /// `P256.PublicKey`, for people.
  package var keyKind: String { "\(certificate.publicKey)".replacing(".PublicKey", with: "") }

  /// All that are trusted.
  package var certificatesPEM: String {
    get throws(TrustError) { try certificates.pem }
  }
}

extension Certificate {
  /// - Throws: `malformed` where it may not sign others.
  func checkAuthority(_ source: String) throws(TrustError) {
    guard case .isCertificateAuthority? = try? extensions.basicConstraints else {
      throw TrustError(.malformed, "\(source): \(subject) is no authority (basic constraints lack CA:TRUE)")
    }
    if let usage = try? extensions.keyUsage, !usage.keyCertSign {
      throw TrustError(.malformed, "\(source): \(subject) may not sign certificates (key usage)")
    }
    if signsItself, !publicKey.isValidSignature(signature, for: self) {
      throw TrustError(.malformed, "\(source): \(subject): its signature is wrong; the file is damaged")
    }
  }

  /// By either way to say so.
  private var signsItself: Bool {
    if issuer == subject { return true }
    guard let signer = try? extensions.authorityKeyIdentifier?.keyIdentifier,
      let own = try? extensions.subjectKeyIdentifier?.keyIdentifier
    else { return false }
    return signer == own
  }
}
