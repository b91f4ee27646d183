package import Trust

/// Where a host's certificate, its key and the authority's certificate are: three files of PEM.
package struct CredentialFiles: Hashable, Sendable {
  package var certificate: String
  package var key: String
  package var authority: String

  package init(certificate: String, key: String, authority: String) {
    (self.certificate, self.key, self.authority) = (certificate, key, authority)
  }

  /// - Throws: also where they are another host's.
  package func load(for host: String) throws(TrustError) -> Credentials {
    let credentials = try Credentials.load(certificate: certificate, key: key, authorities: authority)
    guard credentials.identity == (try Identity(.host, host)) else {
      throw TrustError(
        .notAllowed, "\(certificate): it is \(credentials.identity)'s, and this is host \(host)")
    }
    return credentials
  }
}
