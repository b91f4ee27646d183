/// Why somebody isn't trusted, or why what trust rests on can't be used.
package struct TrustError: Error, Hashable, CustomStringConvertible {
  package enum Code: Hashable, Sendable {
    /// No certificate, or none of our authority's.
    case untrusted
    /// By this machine's clock.
    case expired, notYetValid
    case revoked
    /// Of another role, or another's name, than is needed here.
    case notAllowed
    /// A token that nobody was given, or that is used up, expired or revoked.
    case badToken
    /// Something that can't be read as what it should be.
    case malformed
    /// There is one already.
    case exists
    /// There is none.
    case missing
    /// A file or folder that can't be read or written.
    case file
  }

  package var code: Code
  /// What, where, and what to do.
  package var description: String

  package init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
