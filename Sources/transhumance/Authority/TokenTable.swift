import Model
import Trust

/// Tokens that were made, those to join first.
struct TokenTable: Listing {
  struct Document: Encodable {
    var id: String
    var role: String
    /// good, expired or used up.
    var state: String
    var created: String
    var expires: String
    var by: String
    var description: String
    /// The only host that may join by it.
    var host: String?
    var uses: Int?
    /// Hosts that have joined by it.
    var joined: [String]?
    var sites: [String]?
    var applications: [String]?
  }

  static let key = "tokens"
  static let columns: [(heading: String, alignment: TextTable.Alignment)] = [
    ("TOKEN", .left), ("ROLE", .left), ("STATE", .left), ("EXPIRES", .left), ("FOR", .left), ("USED", .left),
    ("BY", .left), ("DESCRIPTION", .left),
  ]
  static let fields = [
    "token", "role", "state", "created", "expires", "host", "uses", "joined", "sites", "applications", "by",
    "description",
  ]
  let rows: [ListedRow<Document>]

  init(_ joining: JoinTokens, _ api: APITokens, at now: Timestamp) {
    let first = joining.records.map { record in
      Document(
        id: record.id, role: "join",
        state: record.expires <= now ? "expired" : record.isGood(at: now) ? "good" : "used up",
        created: "\(record.created)", expires: "\(record.expires)", by: record.by, description: record.description,
        host: record.host, uses: record.uses, joined: record.joined.map(\.host))
    }
    let second = api.records.map { record in
      Document(
        id: record.id, role: record.grant.role.rawValue, state: record.expires <= now ? "expired" : "good",
        created: "\(record.created)", expires: "\(record.expires)", by: record.by, description: record.description,
        sites: record.grant.sites, applications: record.grant.applications)
    }
    rows = (first + second).map { ListedRow($0) }
  }
}

extension TokenTable.Document {
  fileprivate var scope: String {
    if uses != nil { return host.map { "host \($0)" } ?? "any host" }
    let scopes = (sites ?? []).map { "site \($0)" } + (applications ?? []).map { "application \($0)" }
    return scopes.isEmpty ? "everything" : scopes.joined(separator: ", ")
  }
}

extension ListedRow<TokenTable.Document> {
  fileprivate init(_ token: TokenTable.Document) {
    self.init(
      name: token.id,
      cells: [
        token.id, token.role, token.state, token.expires, token.scope,
        token.uses.map { "\(token.joined?.count ?? 0) of \($0)" } ?? "–", token.by, token.description,
      ],
      values: [
        token.id, token.role, token.state, token.created, token.expires, token.host ?? "",
        token.uses.map(String.init) ?? "", (token.joined ?? []).joined(separator: " "),
        (token.sites ?? []).joined(separator: " "), (token.applications ?? []).joined(separator: " "), token.by,
        token.description,
      ],
      document: token)
  }
}
