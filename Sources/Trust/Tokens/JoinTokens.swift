package import Model

/// What the controller keeps of a join token: all but the secret.
package struct JoinTokenRecord: Codable, Hashable, Sendable {
  package var id: String
  /// SHA-256 of the secret.
  var hash: String
  @ISO8601 package var created: Timestamp
  @ISO8601 package var expires: Timestamp
  /// Hosts that may join with it, each counted once.
  package var uses: Int
  /// The only host that may; nil: any that has no certificate that is still good.
  package var host: String?
  package var description: String
  /// Who made it.
  package var by: String
  /// Hosts that have joined with it.
  package var joined: [Joined]

  package struct Joined: Codable, Hashable, Sendable {
    package var host: String
    /// Of the key that it came with: the same host may ask again when the answer was lost.
    var key: String
    @ISO8601 package var at: Timestamp
  }

  package func isGood(at now: Timestamp) -> Bool { now < expires && joined.count < uses }
}

/// Tokens by which hosts join.
package struct JoinTokens: Codable, Hashable, Sendable {
  package private(set) var records: [JoinTokenRecord] = []

  package init() {}

  /// As kubeadm's.
  package static let lifetime: Int64 = 86_400 * 1_000_000_000

  /// Those that have expired go.
  ///
  /// - Parameters:
  ///   - host: the only one that may join with it; it may have a certificate already.
  ///   - lifetime: nanoseconds.
  /// - Throws: `malformed`.
  package mutating func create(
    host: String? = nil, uses: Int = 1, lifetime: Int64 = Self.lifetime, description: String = "", by: String,
    at now: Timestamp
  ) throws(TrustError) -> JoinToken {
    guard uses >= 1, lifetime > 0 else {
      throw TrustError(.malformed, "a token has one use or more, and a lifetime above zero")
    }
    if let host { _ = try Identity(.host, host) }
    records.removeAll { $0.expires <= now }
    var token = JoinToken.random()
    while records.contains(where: { $0.id == token.id }) { token = .random() }
    records.append(
      JoinTokenRecord(
        id: token.id, hash: Secret.hash(token.secret), created: now, expires: now.advanced(byNanoseconds: lifetime),
        uses: uses, host: host, description: description, by: by, joined: []))
    return token
  }

  private static let advice = "; make another: transhumance token create"

  /// Where its record is, if somebody was given it and it hasn't expired. More than that isn't looked at.
  ///
  /// - Throws: `badToken`.
  @discardableResult
  package func check(_ token: JoinToken, at now: Timestamp) throws(TrustError) -> Int {
    let index = records.firstIndex { $0.id == token.id }
    guard Secret.matches(token.secret, hash: index.map { records[$0].hash }), let index else {
      throw TrustError(.badToken, "nobody was given that token\(Self.advice)")
    }
    guard now < records[index].expires else {
      throw TrustError(.badToken, "\(token) expired at \(records[index].expires)\(Self.advice)")
    }
    return index
  }

  /// Counts a use, unless the same host with the same key was counted before.
  ///
  /// - Parameters:
  ///   - key: hash of the key for which a certificate is asked.
  ///   - isMember: whether the federation has a host of that name.
  ///   - isTaken: whether the host has a certificate that is still good.
  ///   - isRevoked: whether one that it got by this token is revoked.
  /// - Throws: `badToken`, `notAllowed`.
  mutating func redeem(
    _ token: JoinToken, for host: String, key: String, isMember: Bool, isTaken: Bool, isRevoked: Bool = false, at now: Timestamp
  ) throws(TrustError) {
    let advice = Self.advice
    let index = try check(token, at: now)
    let record = records[index]
    if let only = record.host, only != host {
      throw TrustError(.notAllowed, "\(token) is for host \(only), not for \(host)")
    }
    let isRepeated = record.joined.contains { $0.host == host && $0.key == key }
    // Whoever was thrown out doesn't come in again by what is left of his token.
    guard !isRepeated || !isRevoked else {
      throw TrustError(.revoked, "the certificate that host \(host) got by \(token) was revoked\(advice)")
    }
    guard isRepeated || record.joined.count < record.uses else {
      throw TrustError(
        .badToken, "\(token) is used up, by \(record.joined.map(\.host).joined(separator: ", "))\(advice)")
    }
    // Only whoever has a token that is good learns who is in the federation.
    guard isMember else {
      throw TrustError(
        .notAllowed, "the federation has no host \(host): add it to the controller's federation file first")
    }
    if isRepeated { return }
    guard !isTaken || record.host == host else {
      throw TrustError(
        .notAllowed,
        "host \(host) has a certificate that is still good: revoke it (transhumance ca revoke host/\(host)), "
          + "or make a token for it alone (transhumance token create --host \(host))")
    }
    records[index].joined.append(.init(host: host, key: key, at: now))
  }

  /// - Throws: `missing`.
  package mutating func revoke(_ id: String) throws(TrustError) {
    guard records.contains(where: { $0.id == id }) else { throw TrustError(.missing, "there is no join token \(id)") }
    records.removeAll { $0.id == id }
  }
}
