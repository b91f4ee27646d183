import CPostgres

/// Where a database is, as `psql` takes it: a URI, `key=value` pairs, or a database's name. What it doesn't say comes
/// from libpq's environment (`PGHOST`, `PGPASSFILE`, …) and service file.
///
/// It may hold a password, and so is neither printed nor quoted: the description names the place without it.
struct PostgresAddress: Sendable, CustomStringConvertible, CustomReflectable {
  let connection: String
  let description: String

  var customMirror: Mirror { Mirror(self, children: ["description": description]) }

  init(_ connection: String) throws(StoreError) {
    self.connection = connection
    let isName =
      !connection.contains("=") && !connection.hasPrefix("postgresql://") && !connection.hasPrefix("postgres://")
    let settings = isName ? ["dbname": connection] : try Self.parse(connection)
    // Where a `/` or `@` of a password isn't escaped, parts of it are taken for a host or a port; where a URI is spelt
    // wrong, all of it for a name.
    let isHost = settings["host"].map { !$0.dropFirst().contains("@") } ?? true
    let isPort = settings["port"].map { $0.allSatisfy { $0.isNumber || $0 == "," } } ?? true
    let isDatabase = settings["dbname"].map { !$0.contains("@") && !$0.contains(":") } ?? true
    guard isHost, isPort, isDatabase else { throw Self.refusal("") }
    let place = ["service", "host", "hostaddr", "port", "dbname"].compactMap { key in
      settings[key].flatMap { $0.isEmpty ? nil : "\(key)=\($0)" }
    }
    description = place.isEmpty ? "PostgreSQL" : "PostgreSQL (\(place.joined(separator: " ")))"
  }

  private static func refusal(_ detail: String) -> StoreError {
    StoreError(
      .other,
      "the address of the database can't be read\(detail): give postgresql://USER@HOST:PORT/DATABASE, with %2F, %40 and the like for signs of a password, or `host=… dbname=…`. A password is safer in ~/.pgpass"
    )
  }

  /// What is set in it.
  private static func parse(_ connection: String) throws(StoreError) -> [String: String] {
    // libpq hands out a list that is ours to free, and that ends with an entry without a keyword.
    var message: UnsafeMutablePointer<CChar>?
    guard let options = unsafe PQconninfoParse(connection, &message) else {
      let text = unsafe message.map { unsafe String(cString: $0) } ?? ""
      unsafe PQfreemem(message)
      // It quotes what it doesn't understand.
      let isSecret = connection.contains("@") || connection.lowercased().contains("pass")
      throw refusal(isSecret ? "" : " (\(text.filter { !$0.isNewline }))")
    }
    defer { unsafe PQconninfoFree(options) }
    var settings: [String: String] = [:]
    var next = unsafe options
    while let keyword = unsafe next.pointee.keyword {
      if let value = unsafe next.pointee.val { unsafe settings[String(cString: keyword)] = String(cString: value) }
      unsafe next += 1
    }
    return settings
  }
}
