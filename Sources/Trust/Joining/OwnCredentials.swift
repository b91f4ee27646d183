internal import Foundation
package import Model
internal import X509

extension AuthorityFolder {
  /// Credentials of whoever holds the authority itself, a controller: those that it has, or new ones where there are
  /// none, two thirds of their lifetime have passed, they were revoked, or names or authority have changed.
  ///
  /// - Parameter folder: where they are kept; made where it is missing.
  package func ownCredentials(
    _ identity: Identity, names: [SubjectName], lifetime: Int64 = CertificateOrder.lifetime, folder: String,
    at now: Timestamp
  ) throws(TrustError) -> Credentials {
    let authority = try load()
    if let present = try? Credentials.load(folder: folder), present.identity == identity,
      present.roots == authority.certificates, Set(names).isSubset(of: present.peer.names),
      now.seconds < present.notBefore.seconds + (present.notAfter.seconds - present.notBefore.seconds) * 2 / 3,
      !(try revocations().revocations.contains(present.peer.serial))
    {
      return present
    }
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw TrustError(.file, "the folder \(folder) can't be made: \(error.localizedDescription)")
    }
    let key = KeyPair()
    let order = CertificateOrder(identity, names: names, lifetime: lifetime, for: key)
    let credentials = try Credentials(issue(order, at: now, by: "\(identity)"), key: key)
    try credentials.save(folder: folder)
    return credentials
  }
}
