internal import Crypto
internal import SwiftASN1
internal import X509
internal import _CryptoExtras

/// A private key and its public one: P-256, P-384 or RSA from 2048 bits on.
package struct KeyPair: Sendable {
  let key: Certificate.PrivateKey

  /// A new one, P-256.
  package init() {
    key = Certificate.PrivateKey(P256.Signing.PrivateKey())
  }

  /// The one key of a file of PEM, in PKCS #8, SEC 1 or PKCS #1; certificates beside it are passed over.
  ///
  /// - Throws: `malformed`.
  package init(pem: [UInt8], source: String) throws(TrustError) {
    let sections = try PEM.sections(pem, source: source).filter { $0.discriminator.hasSuffix("PRIVATE KEY") }
    guard let section = sections.first, sections.count == 1 else {
      throw TrustError(.malformed, "\(source): there must be one private key in it, there are \(sections.count)")
    }
    do {
      key = try Certificate.PrivateKey(pemDocument: section)
    } catch {
      throw TrustError(.malformed, "\(source): the key can't be read (\(error)): \(Certificate.PublicKey.supported)")
    }
    try key.publicKey.checkStrength(source)
  }

  /// PKCS #8 or, of RSA, PKCS #1.
  package var pem: String {
    get throws(TrustError) {
      do {
        return try key.serializeAsPEM().pemString + "\n"
      } catch {
        throw TrustError(.malformed, "the key can't be written: \(error)")
      }
    }
  }
}

extension Certificate.PublicKey {
  static let supported = "P-256, P-384 and RSA from 2048 bits on are supported"

  /// - Throws: `malformed` for a key of another kind, or so strong that checking it takes long.
  func checkStrength(_ source: String) throws(TrustError) {
    if P256.Signing.PublicKey(self) != nil || P384.Signing.PublicKey(self) != nil { return }
    guard let key = _RSA.Signing.PublicKey(self), (2048...8192).contains(key.keySizeInBits) else {
      throw TrustError(.malformed, "\(source): a key that isn't supported, \(self): \(Self.supported)")
    }
  }
}
