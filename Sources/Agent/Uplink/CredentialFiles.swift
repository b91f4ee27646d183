package import Trust

/// Where a host's certificate, its key and the authority's certificate are.
package enum CredentialFiles: Hashable, Sendable {
  /// As `transhumance host join` leaves them; the agent renews them there.
  case folder(String)
  /// Three files of PEM, that somebody else renews.
  case files(certificate: String, key: String, authority: String)

  package init(certificate: String, key: String, authority: String) {
    self = .files(certificate: certificate, key: key, authority: authority)
  }

  /// - Throws: also where they are another host's.
  package func load(for host: String) throws(TrustError) -> Credentials {
    let (credentials, path) =
      switch self {
      case .folder(let path): (try Self.load(folder: path), path)
      case .files(let certificate, let key, let authority):
        (try Credentials.load(certificate: certificate, key: key, authorities: authority), certificate)
      }
    guard credentials.identity == (try Identity(.host, host)) else {
      throw TrustError(.notAllowed, "\(path): it is \(credentials.identity)'s, and this is host \(host)")
    }
    return credentials
  }

  private static func load(folder: String) throws(TrustError) -> Credentials {
    do throws(TrustError) {
      return try Credentials.load(folder: folder)
    } catch {
      guard error.code == .missing else { throw error }
      throw TrustError(
        .missing, "\(error): have the host join first (transhumance host join), or name its certificate (--cert)")
    }
  }
}
