/// Who somebody is, as a certificate says: `transhumance://host/a1`.
package struct Identity: Hashable, Sendable {
  /// What a certificate is for.
  package enum Role: String, CaseIterable, Codable, Hashable, Sendable {
    /// An agent; it speaks for the host of its name and for no other.
    case host
    case controller
    /// A person, or a program that acts for one.
    case `operator`
  }

  package let role: Role
  /// 1 to 64 letters, digits, dots, hyphens and underscores.
  package let name: String

  /// - Throws: `malformed` where the name can't be one.
  package init(_ role: Role, _ name: String) throws(TrustError) {
    guard Self.isName(name) else {
      throw TrustError(
        .malformed,
        "\"\(name.prefix(80))\" can't be \(role == .operator ? "an" : "a") \(role.rawValue)'s name: 1 to 64 letters, "
          + "digits, dots, hyphens and underscores, the first a letter or a digit")
    }
    self.role = role
    self.name = name
  }

  /// A name is also that of files and of a common name, which has 64 characters at most (RFC 5280, `ub-common-name`).
  private static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, text.utf8.count <= 64, first.isLetterOrDigit else { return false }
    return text.utf8.allSatisfy { $0.isLetterOrDigit || "._-".utf8.contains($0) }
  }
}

extension Identity {
  private static let scheme = "transhumance://"

  /// The subject alternative name of type URI that certificates have.
  package var uri: String { "\(Self.scheme)\(role.rawValue)/\(name)" }

  /// Nil where it isn't exactly such a URI.
  package init?(uri: String) {
    guard uri.hasPrefix(Self.scheme) else { return nil }
    self.init(path: uri.dropFirst(Self.scheme.count))
  }

  /// `host/a1`, as people write it.
  package init?(path: some StringProtocol) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let role = Role(rawValue: String(parts[0])),
      let identity = try? Identity(role, String(parts[1]))
    else { return nil }
    self = identity
  }

  package var path: String { "\(role.rawValue)/\(name)" }

  /// Whether a URI is meant for us at all.
  static func isOurs(_ uri: String) -> Bool { uri.lowercased().hasPrefix(scheme) }
}

extension Identity: CustomStringConvertible {
  package var description: String { "\(role.rawValue) \(name)" }
}

extension UInt8 {
  /// Of ASCII.
  fileprivate var isLetterOrDigit: Bool {
    (0x30...0x39).contains(self) || (0x41...0x5a).contains(self) || (0x61...0x7a).contains(self)
  }
}
