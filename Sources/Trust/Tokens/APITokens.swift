package import Model

/// What a program may do through the API.
package struct APIGrant: Codable, Hashable, Sendable {
  package enum Role: String, CaseIterable, Codable, Hashable, Sendable {
    /// Sees.
    case read
    /// Sees and acts.
    case operate
  }

  /// What is asked about.
  package enum Subject: Hashable, Sendable {
    case everything
    case site(String)
    case application(String)
    /// A host of that site with all that runs there, whosever it is.
    case hosts(ofSite: String)
  }

  package var role: Role
  /// Of sites; with `applications` empty too: everything.
  package var sites: [String]
  package var applications: [String]

  package init(_ role: Role, sites: [String] = [], applications: [String] = []) {
    (self.role, self.sites, self.applications) = (role, sites.sorted(), applications.sorted())
  }

  package var isScoped: Bool { !sites.isEmpty || !applications.isEmpty }

  package func allows(_ role: Role, on subject: Subject) -> Bool {
    guard self.role == .operate || role == .read else { return false }
    guard isScoped else { return true }
    return switch subject {
    case .everything: false
    case .site(let name): sites.contains(name)
    case .application(let name): applications.contains(name)
    // Whoever is held to applications doesn't move others' VMs.
    case .hosts(let site): applications.isEmpty && sites.contains(site)
    }
  }
}

/// What the controller keeps of an API token: all but the secret.
package struct APITokenRecord: Codable, Hashable, Sendable {
  package var id: String
  /// SHA-256 of the secret.
  var hash: String
  package var grant: APIGrant
  @ISO8601 package var created: Timestamp
  @ISO8601 package var expires: Timestamp
  package var description: String
  /// Who made it.
  package var by: String
}

/// Tokens by which programs use the API.
package struct APITokens: Codable, Hashable, Sendable {
  package private(set) var records: [APITokenRecord] = []

  package init() {}

  /// 30 days.
  package static let lifetime: Int64 = 30 * 86_400 * 1_000_000_000

  /// - Parameter lifetime: nanoseconds.
  /// - Throws: `malformed`.
  package mutating func create(
    _ grant: APIGrant, lifetime: Int64 = Self.lifetime, description: String = "", by: String, at now: Timestamp
  ) throws(TrustError) -> APIToken {
    guard lifetime > 0 else { throw TrustError(.malformed, "a token has a lifetime above zero") }
    records.removeAll { $0.expires <= now }
    var token = APIToken.random()
    while records.contains(where: { $0.id == token.id }) { token = .random() }
    records.append(
      APITokenRecord(
        id: token.id, hash: Secret.hash(token.secret), grant: grant, created: now,
        expires: now.advanced(byNanoseconds: lifetime), description: description, by: by))
    return token
  }

  /// Whose token it is, and what it allows.
  ///
  /// - Throws: `badToken`.
  package func check(_ token: APIToken, at now: Timestamp) throws(TrustError) -> APITokenRecord {
    let record = records.first { $0.id == token.id }
    guard Secret.matches(token.secret, hash: record?.hash), let record else {
      throw TrustError(.badToken, "nobody was given that token, or it was revoked")
    }
    guard now < record.expires else { throw TrustError(.badToken, "\(token) expired at \(record.expires)") }
    return record
  }

  /// - Throws: `missing`.
  package mutating func revoke(_ id: String) throws(TrustError) {
    guard records.contains(where: { $0.id == id }) else { throw TrustError(.missing, "there is no API token \(id)") }
    records.removeAll { $0.id == id }
  }
}
