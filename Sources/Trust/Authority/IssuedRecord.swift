package import Model

/// What an authority remembers of a certificate, a line of JSON in its folder.
package struct IssuedRecord: Codable, Hashable, Sendable {
  package var serial: SerialNumber
  package var role: Identity.Role
  package var name: String
  /// Its distinguished name.
  package var subject: String
  /// By which its holder may be dialled.
  package var names: [String]
  @ISO8601 package var notBefore: Timestamp
  @ISO8601 package var notAfter: Timestamp
  /// When it was made.
  @ISO8601 package var issued: Timestamp
  /// Who had it made: a person, a token, or the holder of the one before.
  package var by: String

  init(
    serial: SerialNumber, identity: Identity, subject: String, names: [SubjectName], notBefore: Timestamp,
    notAfter: Timestamp, issued: Timestamp, by: String
  ) {
    (self.serial, role, name) = (serial, identity.role, identity.name)
    (self.subject, self.names) = (subject, names.map(\.description))
    (self.notBefore, self.notAfter, self.issued, self.by) = (notBefore, notAfter, issued, by)
  }

  /// Whether it is that one's.
  package func belongs(to identity: Identity) -> Bool { role == identity.role && name == identity.name }
}
