internal import Foundation
package import Model
internal import SystemPackage

/// Where an authority lives: its certificate and key, what it has signed, what is revoked, and the tokens.
///
/// Any number of processes may use it at once, a controller and commands beside it: whatever writes holds the folder's
/// lock, and what is read is always whole.
package struct AuthorityFolder: Sendable {
  package let path: String

  package init(path: String) {
    self.path = path
  }

  /// As kubeadm's /etc/kubernetes/pki.
  package static let usualPath = "/etc/transhumance/pki"

  package var certificatePath: String { path + "/ca.crt" }
  var keyPath: String { path + "/ca.key" }
  var issuedPath: String { path + "/issued" }
  package var revokedPath: String { path + "/revoked" }
  package var joinTokensPath: String { path + "/join-tokens" }
  package var apiTokensPath: String { path + "/api-tokens" }

  /// Whether an authority that signs lives there.
  package var hasKey: Bool { FileManager.default.fileExists(atPath: keyPath) }

  var lock: FolderLock { FolderLock(folder: path) }

  /// Makes the folder and a new authority in it.
  ///
  /// - Throws: `exists` where there is one.
  package func create(
    name: String, lifetime: Int64 = Authority.lifetime, at now: Timestamp
  ) throws(TrustError) -> Authority {
    try place(Authority(name: name, lifetime: lifetime, at: now))
  }

  /// Takes an existing authority's certificate and key, of which it keeps a copy. Certificates of those above it are
  /// left out: they would be trusted, with all that they sign.
  ///
  /// - Parameters: paths of PEM files; the key's may be the same as the certificate's.
  /// - Throws: `exists` where there is one; `expired`, `malformed`.
  package func adopt(certificate: String, key: String, at now: Timestamp) throws(TrustError) -> Authority {
    let pair = try KeyPair(pem: PrivateFile.read(key, isSecret: true), source: key)
    let authority = try Authority(certificates: PrivateFile.read(certificate), key: pair, source: certificate)
    guard now < authority.notAfter else {
      throw TrustError(.expired, "\(certificate): expired at \(authority.notAfter)")
    }
    return try place(authority.alone)
  }

  private func place(_ authority: Authority) throws(TrustError) -> Authority {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw TrustError(.file, "the folder \(path) can't be made: \(error.localizedDescription)")
    }
    return try lock.hold { () throws(TrustError) in
      for file in [keyPath, certificatePath] where FileManager.default.fileExists(atPath: file) {
        throw TrustError(.exists, "\(file): there is an authority already, and it is never overwritten")
      }
      // The certificate last: with it, the authority is there.
      try PrivateFile.create(keyPath, Array(authority.key.pem.utf8), PrivateFile.secret)
      try PrivateFile.create(certificatePath, Array(authority.certificatesPEM.utf8), PrivateFile.readable)
      return authority
    }
  }

  /// - Throws: `missing` where there is none; `malformed`, `file`.
  package func load() throws(TrustError) -> Authority {
    let certificates: [UInt8]
    do throws(TrustError) {
      certificates = try PrivateFile.read(certificatePath)
    } catch {
      guard error.code == .missing else { throw error }
      throw TrustError(.missing, "there is no authority in \(path): transhumance ca init --cert-dir \(path)")
    }
    let key = try KeyPair(pem: PrivateFile.read(keyPath, isSecret: true), source: keyPath)
    return try Authority(certificates: certificates, key: key, source: certificatePath)
  }
}
