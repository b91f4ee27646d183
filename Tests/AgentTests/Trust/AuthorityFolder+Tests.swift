import Foundation
import GRPCNIOTransportHTTP2
import Linux
import Model
import Trust

extension AuthorityFolder {
  /// A new one, good by this machine's clock.
  static func made(in folder: String, name: String = "pki") throws -> AuthorityFolder {
    let authority = AuthorityFolder(path: "\(folder)/\(name)")
    _ = try authority.create(name: "test", at: .now)
    return authority
  }

  /// With a key of their own.
  func credentials(_ role: Identity.Role, _ name: String, names: [SubjectName] = []) throws -> Credentials {
    let key = KeyPair()
    let order = CertificateOrder(try Identity(role, name), names: names, for: key)
    return try Credentials(issue(order, at: .now, by: "test"), key: key)
  }

  /// Whoever has a certificate of that name, the host itself or a thief.
  func trust(_ role: Identity.Role, _ name: String) throws -> PeerTrust {
    try PeerTrust(credentials(role, name), now: { .now }, refused: { _ in })
  }
}

/// A folder of its own for a test, removed afterwards.
func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
  let folder = "/tmp/agents-\(UInt64.random(in: 0 ... .max))"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try await body(folder)
}
