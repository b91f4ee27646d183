internal import X509

/// A key that waits for its certificate: of a host that joins, or of anybody who renews.
package struct PendingCertificate: Sendable {
  package let identity: Identity
  package let key: KeyPair
  /// To be sent.
  package let request: CertificateRequest

  /// With a new key.
  package init(_ identity: Identity, names: [SubjectName]) throws(TrustError) {
    try self.init(identity, names: names, key: KeyPair())
  }

  /// With the key of a request before, of which the answer was lost, or a new one: it lies in the folder until
  /// `save(_:folder:)`, so that the same token is good for it again.
  package init(_ identity: Identity, names: [SubjectName], folder: String) throws(TrustError) {
    let path = Self.path(in: folder)
    let key: KeyPair
    do throws(TrustError) {
      key = try KeyPair(pem: PrivateFile.read(path, isSecret: true), source: path)
    } catch {
      guard [.missing, .malformed].contains(error.code) else { throw error }
      key = KeyPair()
      try PrivateFile.replace(path, Array(key.pem.utf8), PrivateFile.secret)
    }
    try self.init(identity, names: names, key: key)
  }

  private init(_ identity: Identity, names: [SubjectName], key: KeyPair) throws(TrustError) {
    (self.identity, self.key) = (identity, key)
    request = try CertificateRequest(for: identity, names: names, key: key)
  }

  private static func path(in folder: String) -> String { folder + "/pending.key" }

  /// Keeps what it has become, in the folder where the key waits; on the disk when it returns.
  package func save(_ credentials: Credentials, folder: String) throws(TrustError) {
    try credentials.save(folder: folder)
    try PrivateFile.remove(Self.path(in: folder))
  }

  /// What the answer makes of it.
  ///
  /// - Parameter authority: the one that was meant; nil: those that the connection was checked against.
  /// - Throws: `untrusted` where the answer is another authority's or another's certificate; `malformed`.
  package func credentials(from grant: JoinGrant, authority: KeyHash?) throws(TrustError) -> Credentials {
    let source = "the controller's answer"
    guard grant.chain.count <= 8, grant.roots.count <= 8 else {
      throw TrustError(.malformed, "\(source): too many certificates")
    }
    var (chain, roots): ([Certificate], [Certificate]) = ([], [])
    for der in grant.chain { chain.append(try Certificate(der: der, source: source)) }
    for der in grant.roots { roots.append(try Certificate(der: der, source: source)) }
    let credentials = try Credentials(chain: chain, key: key, roots: roots, source: source)
    guard credentials.identity == identity else {
      throw TrustError(.untrusted, "\(source): a certificate of \(credentials.identity), and not of \(identity)")
    }
    if let authority {
      // Whatever else it is said to trust, this is by whom its own certificate is.
      var signers: [Certificate] = []
      for root in roots where try KeyHash(of: root.publicKey) == authority { signers.append(root) }
      guard
        chain.first.map({ leaf in signers.contains { $0.publicKey.isValidSignature(leaf.signature, for: leaf) } })
          == true
      else { throw TrustError(.untrusted, "\(source): it comes from another authority than \(authority)") }
    }
    return credentials
  }
}
