internal import Foundation
package import Model

extension AuthorityFolder {
  package func joinTokens() throws(TrustError) -> JoinTokens {
    try read(joinTokensPath, empty: JoinTokens())
  }

  package func apiTokens() throws(TrustError) -> APITokens {
    try read(apiTokensPath, empty: APITokens())
  }

  /// - Parameters: as `JoinTokens.create` takes them.
  /// - Returns: the token, whole, which is kept nowhere.
  package func createJoinToken(
    host: String? = nil, uses: Int = 1, lifetime: Int64 = JoinTokens.lifetime, description: String = "", by: String,
    at now: Timestamp
  ) throws(TrustError) -> JoinToken {
    try update(joinTokensPath, empty: JoinTokens()) { (tokens) throws(TrustError) in
      try tokens.create(host: host, uses: uses, lifetime: lifetime, description: description, by: by, at: now)
    }
  }

  /// - Throws: `missing`.
  package func revokeJoinToken(_ id: String) throws(TrustError) {
    try update(joinTokensPath, empty: JoinTokens()) { (tokens) throws(TrustError) in try tokens.revoke(id) }
  }

  /// - Parameters: as `APITokens.create` takes them.
  /// - Returns: the token, whole, which is kept nowhere.
  package func createAPIToken(
    _ grant: APIGrant, lifetime: Int64 = APITokens.lifetime, description: String = "", by: String, at now: Timestamp
  ) throws(TrustError) -> APIToken {
    try update(apiTokensPath, empty: APITokens()) { (tokens) throws(TrustError) in
      try tokens.create(grant, lifetime: lifetime, description: description, by: by, at: now)
    }
  }

  /// - Throws: `missing`.
  package func revokeAPIToken(_ id: String) throws(TrustError) {
    try update(apiTokensPath, empty: APITokens()) { (tokens) throws(TrustError) in try tokens.revoke(id) }
  }

  /// API tokens, read anew whenever the file has changed. While it is gone or can't be read, no token is good.
  package func watchAPITokens() -> WatchedFile<APITokens> {
    Self.watch(apiTokensPath, empty: APITokens(), "no API token is good until it is mended")
  }

  /// The same of join tokens.
  package func watchJoinTokens() -> WatchedFile<JoinTokens> {
    Self.watch(joinTokensPath, empty: JoinTokens(), "no host joins until it is mended")
  }

  private static func watch<Value: Decodable & Sendable>(
    _ path: String, empty: Value, _ consequence: String
  ) -> WatchedFile<Value> {
    WatchedFile(path: path, initial: empty) { found, _ in
      switch found {
      case .absent: return (empty, nil)
      case .unreadable(let reason): return (empty, "\(reason): \(consequence)")
      case .bytes(let bytes):
        guard let value = try? JSONDecoder().decode(Value.self, from: Data(bytes)) else {
          return (empty, "\(path): isn't what tokens are kept as: \(consequence)")
        }
        return (value, nil)
      }
    }
  }

  private func read<Value: Decodable>(_ path: String, empty: Value) throws(TrustError) -> Value {
    let bytes: [UInt8]
    do throws(TrustError) {
      bytes = try PrivateFile.read(path, limit: 64 << 20)
    } catch {
      guard error.code == .missing else { throw error }
      return empty
    }
    do {
      return try JSONDecoder().decode(Value.self, from: Data(bytes))
    } catch {
      throw TrustError(.malformed, "\(path): can't be read as tokens: remove it to begin anew (\(error))")
    }
  }

  /// Changes the tokens, on the disk when it returns; nothing is changed where the body throws.
  private func update<Value: Codable, Result>(
    _ path: String, empty: Value, _ body: (inout Value) throws(TrustError) -> Result
  ) throws(TrustError) -> Result {
    try lock.hold { () throws(TrustError) in try updateLocked(path, empty: empty, body) }
  }

  /// The same while the folder's lock is held.
  func updateLocked<Value: Codable, Result>(
    _ path: String, empty: Value, _ body: (inout Value) throws(TrustError) -> Result
  ) throws(TrustError) -> Result {
    var value = try read(path, empty: empty)
    let result = try body(&value)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else {
      throw TrustError(.malformed, "\(path): can't be written as JSON")
    }
    try PrivateFile.replace(path, Array(data) + [UInt8(ascii: "\n")], PrivateFile.secret)
    return result
  }
}
