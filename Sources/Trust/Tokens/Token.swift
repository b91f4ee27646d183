/// `abcdef.0123456789abcdef`, as kubeadm's: a name that anybody may see, and a secret.
///
/// It is printed as its name; the secret is only in `text`.
package protocol Token: Hashable, Sendable, CustomStringConvertible {
  /// Characters of the secret.
  static var secretLength: Int { get }
  var id: String { get }
  var secret: String { get }
  init(id: String, secret: String)
}

extension Token {
  package static var idLength: Int { 6 }

  /// Whole, for its holder.
  package var text: String { "\(id).\(secret)" }

  package var description: String { "token \(id)" }

  package static func random() -> Self {
    Self(id: Secret.random(idLength), secret: Secret.random(secretLength))
  }

  /// Nil where it isn't one.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, Secret.isWord(parts[0], of: Self.idLength), Secret.isWord(parts[1], of: Self.secretLength)
    else { return nil }
    self.init(id: String(parts[0]), secret: String(parts[1]))
  }
}

/// Lets a host join: `[a-z0-9]{6}.[a-z0-9]{16}`.
package struct JoinToken: Token {
  package static let secretLength = 16
  package let id: String
  package let secret: String

  package init(id: String, secret: String) { (self.id, self.secret) = (id, secret) }
}

/// Lets a program use the API: `[a-z0-9]{6}.[a-z0-9]{32}`.
package struct APIToken: Token {
  package static let secretLength = 32
  package let id: String
  package let secret: String

  package init(id: String, secret: String) { (self.id, self.secret) = (id, secret) }

  /// Of a header such as `Authorization: Bearer abcdef.…` (RFC 6750 §2.1); nil for anything else.
  package init?(authorization header: String) {
    let words = header.split(separator: " ")
    guard words.count == 2, words[0].lowercased() == "bearer" else { return nil }
    self.init(words[1])
  }
}
