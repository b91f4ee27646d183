internal import Crypto
internal import SwiftASN1
internal import X509

/// What tells one authority from another: SHA-256 of its certificate's SubjectPublicKeyInfo, written `sha256:HEX`, as
/// kubeadm's `--discovery-token-ca-cert-hash`.
///
///     openssl x509 -in ca.crt -pubkey -noout | openssl pkey -pubin -outform DER | openssl dgst -sha256
package struct KeyHash: Hashable, Sendable {
  private let digest: [UInt8]

  /// Nil where it isn't `sha256:` and 64 hexadecimal digits.
  package init?(_ text: String) {
    let prefix = "sha256:"
    guard text.lowercased().hasPrefix(prefix), text.utf8.count == prefix.utf8.count + 64,
      let digest = [UInt8](hexadecimal: Array(text.utf8.dropFirst(prefix.utf8.count)))
    else { return nil }
    self.digest = digest
  }

  init(of key: Certificate.PublicKey) throws(TrustError) {
    var serializer = DER.Serializer()
    do {
      try serializer.serialize(key)
    } catch {
      throw TrustError(.malformed, "a public key can't be written: \(error)")
    }
    digest = Array(SHA256.hash(data: serializer.serializedBytes))
  }
}

extension KeyHash: CustomStringConvertible {
  package var description: String { "sha256:\(digest.hexadecimal)" }
}
