package import Model
internal import X509

/// What somebody shows to others, and by what it knows them: certificate, key and the authorities it trusts.
package struct Credentials: Sendable {
  /// Its own first, its authority's after it.
  let chain: [Certificate]
  package let key: KeyPair
  let roots: [Certificate]
  /// Who it is.
  package let peer: Peer
  init(chain: [Certificate], key: KeyPair, roots: [Certificate], source: String) throws(TrustError) {
    guard let leaf = chain.first, !roots.isEmpty else {
      throw TrustError(.malformed, "\(source): there is no certificate, or no authority's")
    }
    guard leaf.publicKey == key.key.publicKey else {
      throw TrustError(.malformed, "\(source): the key isn't the certificate's")
    }
    for root in roots { try root.checkAuthority(source) }
    guard
      roots.contains(where: { $0.subject == leaf.issuer && $0.publicKey.isValidSignature(leaf.signature, for: leaf) })
    else {
      throw TrustError(
        .untrusted, "\(source): the certificate isn't signed by the authority that is trusted, but by \(leaf.issuer)")
    }
    (self.chain, self.key, self.roots) = (chain, key, roots)
    peer = try Peer(leaf)
  }

  /// What was just issued, with the key that it is for.
  package init(_ issued: IssuedCertificate, key: KeyPair) throws(TrustError) {
    try self.init(chain: issued.chain, key: key, roots: issued.roots, source: "the certificate")
  }
}

extension Credentials {
  package var identity: Identity { peer.identity }
  package var notBefore: Timestamp { peer.notBefore }
  package var notAfter: Timestamp { peer.notAfter }

  /// Whether its certificate is that authority's.
  package func isSigned(by authority: KeyHash) -> Bool {
    guard let leaf = chain.first else { return false }
    return roots.contains { root in
      root.subject == leaf.issuer && root.publicKey.isValidSignature(leaf.signature, for: leaf)
        && (try? KeyHash(of: root.publicKey)) == authority
    }
  }

  /// For files of PEM that other programs want: libvirt's and QEMU's `servercert.pem` and `clientcert.pem`.
  package var chainPEM: String {
    get throws(TrustError) { try chain.pem }
  }

  /// `cacert.pem`.
  package var rootsPEM: String {
    get throws(TrustError) { try roots.pem }
  }

  /// - Parameters: paths of PEM files; certificate and key may be in the same.
  /// - Throws: `missing`, `file`, `malformed`, and `untrusted` where they don't belong together; not for expiry.
  package static func load(
    certificate: String, key: String, authorities: String
  ) throws(TrustError) -> Credentials {
    try Credentials(
      chain: PEM.certificates(PrivateFile.read(certificate), source: certificate),
      key: KeyPair(pem: PrivateFile.read(key, isSecret: true), source: key),
      roots: PEM.certificates(PrivateFile.read(authorities), source: authorities), source: certificate)
  }

  /// All in one file: key, certificate and authorities change together, whatever crashes meanwhile.
  private static func path(in folder: String) -> String { folder + "/credentials.pem" }

  /// What `save` has written.
  package static func load(folder: String) throws(TrustError) -> Credentials {
    let path = path(in: folder)
    let bytes = try PrivateFile.read(path, isSecret: true)
    let certificates = try PEM.certificates(bytes, source: path)
    let roots = Array(certificates.dropFirst())
    let signers = roots.filter { $0.subject == certificates[0].issuer }
    return try Credentials(
      chain: [certificates[0]] + signers, key: KeyPair(pem: bytes, source: path), roots: roots, source: path)
  }

  /// On the disk when it returns; `ca.crt` beside it is for people and other programs. Where an authority lives in the
  /// folder, that one's stays as it is.
  package func save(folder: String) throws(TrustError) {
    let text = try key.pem + chain.prefix(1).map(\.self).pem + roots.pem
    try PrivateFile.replace(Self.path(in: folder), Array(text.utf8), PrivateFile.secret)
    guard !AuthorityFolder(path: folder).hasKey else { return }
    try PrivateFile.replace(folder + "/ca.crt", Array(rootsPEM.utf8), PrivateFile.readable)
  }
}

extension Credentials {
  /// Makes two files of PEM, neither of which may be there.
  ///
  /// - Throws: `exists`, `file`.
  package func create(certificate: String, key path: String) throws(TrustError) {
    try PrivateFile.create(path, Array(key.pem.utf8), PrivateFile.secret)
    try PrivateFile.create(certificate, Array(chainPEM.utf8), PrivateFile.readable)
  }
}

extension IssuedCertificate {
  /// Makes a file of PEM, which may not be there: of a certificate whose key is elsewhere.
  ///
  /// - Throws: `exists`, `file`.
  package func create(certificate: String) throws(TrustError) {
    try PrivateFile.create(certificate, Array(chainPEM.utf8), PrivateFile.readable)
  }
}

extension CertificateRequest {
  /// - Parameter path: a file of PEM.
  /// - Throws: `missing`, `file`, `malformed`.
  package init(path: String) throws(TrustError) {
    try self.init(pem: PrivateFile.read(path), source: path)
  }
}
