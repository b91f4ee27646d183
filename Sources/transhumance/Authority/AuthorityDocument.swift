import Model
import Trust

/// An authority, as it is shown.
struct AuthorityDocument: Encodable {
  var subject: String
  var key: String
  var certificate: String
  var notAfter: String
  /// For `--ca-hash`.
  var hash: String

  init(_ authority: Authority, _ folder: AuthorityFolder) throws {
    subject = authority.subject
    key = authority.keyKind
    certificate = folder.certificatePath
    notAfter = authority.notAfter.description
    hash = try authority.keyHash.description
  }

  var text: String {
    [("authority", subject), ("key", key), ("certificate", certificate), ("not after", notAfter), ("hash", hash)]
      .map { name, value in name + String(repeating: " ", count: 13 - name.count) + value + "\n" }.joined()
  }
}
