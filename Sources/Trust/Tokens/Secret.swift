internal import Crypto

/// The part of a token that only its holder knows.
enum Secret {
  private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8)

  /// Letters and digits, from the system's generator: 5.17 bits each.
  static func random(_ count: Int) -> String {
    var generator = SystemRandomNumberGenerator()
    return String(
      decoding: (0..<count).map { _ in alphabet[Int.random(in: alphabet.indices, using: &generator)] }, as: UTF8.self)
  }

  static func isWord(_ text: some StringProtocol, of count: Int) -> Bool {
    text.utf8.count == count && text.utf8.allSatisfy { alphabet.contains($0) }
  }

  /// What is kept of a secret: SHA-256, in hexadecimal. Secrets are random and long, so no slow hash is needed.
  static func hash(_ secret: String) -> String {
    SHA256.hash(data: Array(secret.utf8)).hexadecimal
  }

  /// In a time that doesn't depend on where the two differ, nor on whether there is anything to compare with.
  ///
  /// - Parameter hash: nil: matches nothing.
  static func matches(_ secret: String, hash: String?) -> Bool {
    let (left, right) = (Array(Self.hash(secret).utf8), Array((hash ?? noHash).utf8))
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(UInt8(0)) { difference, pair in difference | (pair.0 ^ pair.1) } == 0
  }

  /// As long as one, and nobody's: it has no hexadecimal digits.
  private static let noHash = String(repeating: "-", count: 64)
}
