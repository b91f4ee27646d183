internal import Model
internal import Trust

/// Who asks, and what it may.
struct Caller: Sendable {
  /// By which its requests are counted, and it is found again.
  var identifier: String
  /// As plans and events record it.
  var name: String
  var grant: APIGrant

  /// Whoever has a token.
  init(_ record: APITokenRecord) {
    identifier = record.id
    let description = record.description.onOneLine
    name = "token \(record.id)" + (description.isEmpty ? "" : " (\(description))")
    grant = record.grant
  }

  /// Whoever can reach an API that asks for no token.
  init(at address: String) {
    (identifier, name, grant) = (address, "somebody at \(address)", APIGrant(.read))
  }

  /// Whether it may see and do a part only.
  var isScoped: Bool { grant.isScoped }

  /// Whether all is its to see that belongs to an application.
  func sees(application: String) -> Bool { grant.allows(.read, on: .application(application)) }

  func sees(site: String) -> Bool { grant.allows(.read, on: .site(site)) }
}

extension Caller {
  /// What a whole list is of: a caller of other scopes can't ask for it.
  enum Kind {
    case everything, applications, sites
  }

  /// - Throws: 403.
  func require(_ kind: Kind) throws {
    guard isScoped else { return }
    switch kind {
    case .applications where !grant.applications.isEmpty, .sites where !grant.sites.isEmpty: return
    case .everything: throw APIError.forbidden("\(name) is for \(scope) alone, and this tells of everything")
    case .applications: throw APIError.forbidden("\(name) is for \(scope) alone, and this tells of applications")
    case .sites: throw APIError.forbidden("\(name) is for \(scope) alone, and this tells of sites")
    }
  }

  /// - Throws: 403.
  func require(_ role: APIGrant.Role, on subject: APIGrant.Subject) throws {
    guard !grant.allows(role, on: subject) else { return }
    if role == .operate { try requireOperator() }
    if case .hosts(let site) = subject, grant.sites.contains(site) {
      throw APIError.forbidden(
        "\(name) is for \(scope) alone, and this moves VMs of all applications: it takes a token without applications")
    }
    throw APIError.forbidden("\(name) is for \(scope) alone")
  }

  /// - Throws: 403.
  func requireOperator() throws {
    guard grant.role != .operate else { return }
    throw APIError.forbidden("\(name) has the role read, and this needs operate")
  }

  /// `application cg, site a`
  private var scope: String {
    let applications = grant.applications.map { "application \($0)" }
    return (applications + grant.sites.map { "site \($0)" }).joined(separator: ", ")
  }
}
