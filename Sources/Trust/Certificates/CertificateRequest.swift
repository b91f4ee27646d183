internal import SwiftASN1
internal import X509

/// A request for a certificate (PKCS #10, RFC 2986) whose sender has shown that it holds the key.
package struct CertificateRequest: Sendable {
  let publicKey: Certificate.PublicKey
  /// What it asks for: nobody has allowed that, and an authority gives only what its caller names.
  package let names: [SubjectName]
  package let der: [UInt8]

  /// Bytes that are looked at: one of RSA with 8192 bits and 20 names has 4 KiB.
  package static let largest = 16 << 10

  /// - Throws: `malformed` where it isn't one, or isn't signed by its own key.
  package init(der: [UInt8], source: String = "the request") throws(TrustError) {
    guard der.count <= Self.largest else {
      throw TrustError(.malformed, "\(source): more than \(Self.largest) bytes")
    }
    let request: CertificateSigningRequest
    do {
      request = try CertificateSigningRequest(derEncoded: der)
    } catch {
      throw TrustError(
        .malformed,
        "\(source): no request for a certificate (PKCS #10) that can be read (\(error)): "
          + Certificate.PublicKey.supported
      )
    }
    try request.publicKey.checkStrength(source)
    guard request.publicKey.isValidSignature(request.signature, for: request) else {
      throw TrustError(.malformed, "\(source): isn't signed by the key that it shows")
    }
    publicKey = request.publicKey
    names = Self.names(of: request)
    self.der = der
  }

  /// - Throws: `malformed`.
  package init(pem: [UInt8], source: String) throws(TrustError) {
    let kinds = [CertificateSigningRequest.defaultPEMDiscriminator, "NEW CERTIFICATE REQUEST"]
    let sections = try PEM.sections(pem, source: source).filter { kinds.contains($0.discriminator) }
    guard let section = sections.first, sections.count == 1 else {
      throw TrustError(
        .malformed, "\(source): there must be one CERTIFICATE REQUEST in it, there are \(sections.count)")
    }
    try self.init(der: section.derBytes, source: source)
  }

  /// Asks for a certificate for a key of ours.
  package init(for identity: Identity, names: [SubjectName], key: KeyPair) throws(TrustError) {
    do {
      let alternatives = SubjectAlternativeNames(
        [.uniformResourceIdentifier(identity.uri)] + names.map(\.generalName))
      let request = try CertificateSigningRequest(
        version: .v1, subject: identity.distinguishedName, privateKey: key.key,
        attributes: .init([.init(ExtensionRequest(extensions: Certificate.Extensions { alternatives }))]))
      var serializer = DER.Serializer()
      try serializer.serialize(request)
      publicKey = request.publicKey
      self.names = names
      der = serializer.serializedBytes
    } catch {
      throw TrustError(.malformed, "a request for \(identity) can't be made: \(error)")
    }
  }

  /// What can't be read counts for nothing.
  private static func names(of request: CertificateSigningRequest) -> [SubjectName] {
    guard let extensions = try? request.attributes.extensionRequest?.extensions,
      let alternatives = try? extensions.subjectAlternativeNames
    else { return [] }
    return alternatives.compactMap { SubjectName($0) }
  }
}

extension Identity {
  /// `O=transhumance, OU=host, CN=a1`: for people and for libvirt's `tls_allowed_dn_list`; we go by the URI.
  var distinguishedName: DistinguishedName {
    get throws {
      try DistinguishedName {
        OrganizationName("transhumance")
        OrganizationalUnitName(role.rawValue)
        CommonName(name)
      }
    }
  }
}
