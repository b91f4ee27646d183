import Foundation
import Model
import Testing
import Trust

@Suite struct TokenTests {
  @Test func tokensLookLikeKubeadms() throws {
    var tokens = JoinTokens()
    let token = try tokens.create(by: "test", at: .noon)
    #expect(token.text.wholeMatch(of: /[a-z0-9]{6}\.[a-z0-9]{16}/) != nil)
    #expect(JoinToken(token.text) == token)
    // What is printed or logged by mistake is no secret.
    #expect("\(token)" == "token \(token.id)" && !"\(token)".contains(token.secret))
    for text in [
      "", ".", "abcdef", "abcdef.", "abcdef.0123456789abcde", "abcdef.0123456789abcdefg", "Abcdef.0123456789abcdef",
      "abcdef.0123456789abcdef ", "abcdef.0123456789abcdef.", "abcdé.0123456789abcdef", "abcde.f0123456789abcdef",
    ] {
      #expect(JoinToken(text) == nil, "\(text)")
    }
  }

  @Test func secretsAreEvenlySpread() {
    // 36 letters and digits, 16,000 of them: 444 each, 21 the standard deviation.
    var counts: [Character: Int] = [:]
    for _ in 0..<1000 { for letter in JoinToken.random().secret { counts[letter, default: 0] += 1 } }
    #expect(counts.count == 36)
    #expect(counts.values.allSatisfy { (300...600).contains($0) })
  }

  @Test func onlyAHashIsKept() async throws {
    try await withAuthority { authority, _ in
      let token = try authority.createJoinToken(by: "test", at: .noon)
      let text = try String(contentsOfFile: authority.joinTokensPath, encoding: .utf8)
      #expect(text.contains(token.id) && !text.contains(token.secret))
      // As `printf SECRET | sha256sum` has it.
      let hash = try await OpenSSL.run("dgst", "-sha256", "-r", input: token.secret)
      #expect(text.contains(String(hash.output.prefix(64))))
    }
  }

  @Test func apiTokensAllowWhatTheySay() throws {
    var tokens = APITokens()
    let reader = try tokens.create(APIGrant(.read), by: "test", at: .noon)
    let site = try tokens.create(APIGrant(.operate, sites: ["rennes"]), by: "test", at: .noon)
    let application = try tokens.create(
      APIGrant(.read, applications: ["cg", "mg"]), lifetime: Timestamp.day, by: "test", at: .noon)
    #expect(reader.text.wholeMatch(of: /[a-z0-9]{6}\.[a-z0-9]{32}/) != nil)
    func grant(_ token: APIToken, at now: Timestamp = .noon) throws -> APIGrant {
      try tokens.check(token, at: now).grant
    }
    // Token, role, subject, allowed.
    let all: [(APIToken, APIGrant.Role, APIGrant.Subject, Bool)] = [
      (reader, .read, .everything, true), (reader, .read, .site("a"), true), (reader, .operate, .site("a"), false),
      (reader, .operate, .everything, false), (site, .read, .site("rennes"), true),
      (site, .operate, .site("rennes"), true), (site, .operate, .site("b"), false), (site, .read, .everything, false),
      (site, .read, .application("rennes"), false), (application, .read, .application("cg"), true),
      (application, .operate, .application("cg"), false), (application, .read, .application("lu"), false),
    ]
    for (token, role, subject, isAllowed) in all {
      #expect(try grant(token).allows(role, on: subject) == isAllowed, "\(role) \(subject)")
    }
    #expect(try grant(application, at: .noon.days(1).advanced(byNanoseconds: -1)).role == .read)
    #expect(throws: TrustError.self) { _ = try grant(application, at: .noon.days(1)) }
  }

  @Test func tokensNobodyWasGivenAreRefused() async throws {
    var tokens = APITokens()
    let token = try tokens.create(APIGrant(.read), by: "test", at: .noon)
    let made = tokens
    for secret in [
      String(repeating: "a", count: 32), String(token.secret.dropLast()) + (token.secret.hasSuffix("a") ? "b" : "a"),
    ] {
      #expect(await refusal { _ = try made.check(APIToken(id: token.id, secret: secret), at: .noon) } == .badToken)
      #expect(await refusal { _ = try made.check(APIToken(id: "zzzzzz", secret: secret), at: .noon) } == .badToken)
    }
    try tokens.revoke(token.id)
    let revoked = tokens
    #expect(await refusal { _ = try revoked.check(token, at: .noon) } == .badToken)
    #expect(throws: TrustError.self) { try tokens.revoke(token.id) }
  }

  @Test func headersOfTheAPI() throws {
    var tokens = APITokens()
    let token = try tokens.create(APIGrant(.read), by: "test", at: .noon)
    #expect(APIToken(authorization: "Bearer \(token.text)") == token)
    #expect(APIToken(authorization: "bearer  \(token.text)") == token)
    for text in ["", token.text, "Basic \(token.text)", "Bearer", "Bearer x", "Bearer \(token.text) x"] {
      #expect(APIToken(authorization: text) == nil)
    }
  }

  /// A revoked token counts no more from the next call on; a broken file lets nobody in.
  @Test func theFileIsWatched() async throws {
    try await withAuthority { authority, _ in
      let watched = authority.watchAPITokens()
      #expect(watched.problem == nil)
      let token = try authority.createAPIToken(APIGrant(.read), by: "test", at: .noon)
      #expect(try watched.current.check(token, at: .noon).by == "test")
      let bytes = try Data(contentsOf: URL(filePath: authority.apiTokensPath))
      try authority.revokeAPIToken(token.id)
      #expect(await refusal { _ = try watched.current.check(token, at: .noon) } == .badToken)
      try bytes.write(to: URL(filePath: authority.apiTokensPath), options: .atomic)
      #expect(try watched.current.check(token, at: .noon).id == token.id)
      try FileManager.default.removeItem(atPath: authority.apiTokensPath)
      #expect(await refusal { _ = try watched.current.check(token, at: .noon) } == .badToken)
      #expect(watched.problem == "\(authority.apiTokensPath): is gone: no API token is good until it is mended")
      try bytes.write(to: URL(filePath: authority.apiTokensPath), options: .atomic)
      #expect(watched.problem == nil)
      try bytes.dropLast(4).write(to: URL(filePath: authority.apiTokensPath), options: .atomic)
      #expect(await refusal { _ = try watched.current.check(token, at: .noon) } == .badToken)
      #expect(watched.problem?.contains("no API token is good") == true)
      #expect(await refusal { try authority.revokeAPIToken(token.id) } == .malformed)
    }
  }

  @Test func expiredTokensGoWhenAnotherIsMade() throws {
    var tokens = JoinTokens()
    let first = try tokens.create(lifetime: Timestamp.day, by: "test", at: .noon)
    _ = try tokens.create(lifetime: 3 * Timestamp.day, by: "test", at: .noon)
    #expect(tokens.records.count == 2)
    _ = try tokens.create(by: "test", at: .noon.days(1))
    #expect(tokens.records.count == 2 && !tokens.records.contains { $0.id == first.id })
    for (uses, lifetime) in [(0, Timestamp.day), (1, 0)] {
      #expect(throws: TrustError.self) { _ = try tokens.create(uses: uses, lifetime: lifetime, by: "", at: .noon) }
    }
    #expect(throws: TrustError.self) { _ = try tokens.create(host: "no name", by: "", at: .noon) }
  }
}
