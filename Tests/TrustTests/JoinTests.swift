import Model
import Testing
import Trust

/// How hosts come in, and what becomes of those who may not.
@Suite struct JoinTests {
  /// A host that asks with a key of its own.
  private struct Host {
    let pending: PendingCertificate

    init(_ name: String) throws { pending = try PendingCertificate(Identity(.host, name), names: []) }

    func join(
      _ authority: AuthorityFolder, _ token: JoinToken, as name: String? = nil, at now: Timestamp = .noon
    ) throws -> IssuedCertificate {
      let request = JoinRequest(token: token, host: name ?? pending.identity.name, request: pending.request)
      return try authority.join(request, names: [.dns("a1.example")], at: now)
    }
  }

  @Test func aTokenLetsAHostJoinOnce() async throws {
    try await withAuthority { authority, _ in
      let token = try authority.createJoinToken(by: "alice", at: .noon)
      let (a1, a2) = (try Host("a1"), try Host("a2"))
      let issued = try a1.join(authority, token)
      let credentials = try a1.pending.credentials(from: issued.grant, authority: authority.load().keyHash)
      #expect(credentials.identity.path == "host/a1")
      #expect(credentials.peer.names == [.dns("a1"), .dns("a1.example")])
      #expect(issued.record.by == "token \(token.id)")
      // The answer was lost: the same host with the same key asks again, and no use is counted.
      #expect(try a1.join(authority, token).record.name == "a1")
      #expect(try authority.joinTokens().records[0].joined.map(\.host) == ["a1"])
      #expect(await refusal { _ = try a2.join(authority, token) } == .badToken)
      // The key that has joined stands for no other name.
      #expect(await refusal { _ = try a1.join(authority, token, as: "a2") } == .badToken)
      #expect(try authority.records().records.map(\.name) == ["a1", "a1"])
    }
  }

  /// What is left of a token is no way back in for whoever was thrown out.
  @Test func theRevokedDontJoinAgain() async throws {
    try await withAuthority { authority, _ in
      let token = try authority.createJoinToken(uses: 2, by: "alice", at: .noon)
      let a1 = try Host("a1")
      let a2 = try Host("a2")
      _ = try a1.join(authority, token)
      _ = try a2.join(authority, token)
      try authority.revoke(.holder(Identity(.host, "a1")), reason: "stolen", at: .noon)
      let again = await refusal { _ = try a1.join(authority, token) }
      #expect(again == .revoked)
      let request = JoinRequest(token: token, host: "a2", request: a2.pending.request)
      let outside = await refusal { _ = try authority.join(request, names: [], isMember: false, at: .noon) }
      #expect(outside == .notAllowed)
      // By a token that was made for it since, it does.
      let other = try authority.createJoinToken(host: "a1", by: "alice", at: .noon)
      #expect(try a1.join(authority, other).record.name == "a1")
    }
  }

  /// A host that is ended while it waits for the answer asks with the same key when it is started again.
  @Test func aKeyWaitsForItsCertificate() async throws {
    try await withAuthority { authority, folder in
      let token = try authority.createJoinToken(by: "alice", at: .noon)
      let identity = try Identity(.host, "a1")
      func ask() throws -> (PendingCertificate, JoinGrant) {
        let pending = try PendingCertificate(identity, names: [], folder: folder)
        let request = JoinRequest(token: token, host: "a1", request: pending.request)
        return (pending, try authority.join(request, names: [], at: .noon).grant)
      }
      _ = try ask()
      #expect(try mode(folder + "/pending.key") == 0o600)
      let (pending, grant) = try ask()
      let credentials = try pending.credentials(from: grant, authority: authority.load().keyHash)
      try pending.save(credentials, folder: folder)
      #expect(try Credentials.load(folder: folder).peer == credentials.peer)
      #expect(try mode(folder + "/credentials.pem") == 0o600)
      #expect(throws: (any Error).self) { try mode(folder + "/pending.key") }
      // Another key: another host, by that name.
      #expect(await refusal { _ = try ask() } == .badToken)
    }
  }

  @Test func usesAreCounted() async throws {
    try await withAuthority { authority, _ in
      let token = try authority.createJoinToken(uses: 3, by: "alice", at: .noon)
      // At once: of ten, three come in.
      let joined = await withTaskGroup(of: Bool.self) { group in
        for number in 0..<10 {
          group.addTask { (try? Host("a\(number)").join(AuthorityFolder(path: authority.path), token)) != nil }
        }
        return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(joined == 3)
      #expect(try authority.records().records.count == 3)
      let record = try authority.joinTokens().records[0]
      #expect(record.joined.count == 3 && !record.isGood(at: .noon))
    }
  }

  @Test func tokensExpire() async throws {
    try await withAuthority { authority, _ in
      let token = try authority.createJoinToken(by: "alice", at: .noon)
      #expect(await refusal { _ = try Host("a1").join(authority, token, at: .noon.days(1)) } == .badToken)
      #expect(try Host("a1").join(authority, token, at: .noon.days(1).advanced(byNanoseconds: -1)).record.role == .host)
      try authority.revokeJoinToken(token.id)
      #expect(await refusal { _ = try Host("a2").join(authority, token) } == .badToken)
    }
  }

  /// A token that was stolen names no host that is there already.
  @Test func aNameThatIsTakenNeedsATokenOfItsOwn() async throws {
    try await withAuthority { authority, _ in
      let (first, again) = (try Host("a1"), try Host("a1"))
      let any = try authority.createJoinToken(uses: 9, by: "alice", at: .noon)
      let before = try first.join(authority, any)
      let told = await error { _ = try again.join(authority, any) }
      #expect(told?.code == .notAllowed)
      #expect(told?.description.contains("transhumance token create --host a1") == true)
      let own = try authority.createJoinToken(host: "a1", by: "alice", at: .noon)
      #expect(await refusal { _ = try Host("a2").join(authority, own) } == .notAllowed)
      #expect(try again.join(authority, own).record.name == "a1")
      // Free again once all that it has is revoked, or has expired.
      let third = try Host("a1")
      #expect(await refusal { _ = try third.join(authority, any) } == .notAllowed)
      try authority.revoke(.holder(Identity(.host, "a1")), reason: "reinstalled", at: .noon)
      #expect(try third.join(authority, any).record.serial != before.record.serial)
      // A controller of that name is no host.
      _ = try authority.credentials(.controller, "b1")
      #expect(try Host("b1").join(authority, any).record.role == .host)
    }
  }

  /// Only whoever has a good token learns who is in the federation; and no use is counted.
  @Test func whoIsNoMemberStaysOut() async throws {
    try await withAuthority { authority, _ in
      let pending = try PendingCertificate(Identity(.host, "z9"), names: [])
      func told(_ token: JoinToken) async -> TrustError? {
        await error {
          let request = JoinRequest(token: token, host: "z9", request: pending.request)
          _ = try authority.join(request, names: [], isMember: false, at: .noon)
        }
      }
      let token = try authority.createJoinToken(by: "alice", at: .noon)
      #expect(await told(token)?.description.contains("the federation has no host z9") == true)
      #expect(await told(.random())?.code == .badToken)
      #expect(try authority.joinTokens().records[0].joined.isEmpty)
    }
  }

  @Test(arguments: [600_000_000_000, Timestamp.day, 90 * Timestamp.day])
  func renewalLastsAsLongAsBefore(lifetime: Int64) async throws {
    try await withAuthority { authority, _ in
      let credentials = try authority.credentials(.operator, "alice", lifetime: lifetime)
      let later = Timestamp.noon.advanced(byNanoseconds: lifetime * 3 / 4)
      // And is due in its last third, also where it is dated back by more than it lasts.
      var generator = SystemRandomNumberGenerator()
      let renewal = credentials.renewal(using: &generator)
      #expect(renewal.action(at: later) == .renew)
      #expect(renewal.action(at: .noon.advanced(byNanoseconds: lifetime / 2)) != .renew)
      let next = try PendingCertificate(credentials.identity, names: [])
      let issued = try authority.renew(credentials.peer, next.request, names: [], at: later)
      let renewed = try next.credentials(from: issued.grant, authority: nil)
      #expect(renewed.notAfter == later.advanced(byNanoseconds: lifetime))
    }
  }

  /// Where an authority lives its certificate stays as it is, with whatever else is trusted there.
  @Test func credentialsBesideTheirAuthority() async throws {
    try await withAuthority { authority, folder in
      let credentials = try authority.credentials(.host, "a1")
      let trusted = try certificates(authority.certificatePath)
      let text = try authority.load().certificatesPEM
      try write(text + text, authority.certificatePath)
      try credentials.save(folder: authority.path)
      #expect(try certificates(authority.certificatePath) == trusted + trusted)
      #expect(try Credentials.load(folder: authority.path).peer == credentials.peer)
      #expect(try credentials.isSigned(by: authority.load().keyHash))
      let theirs = AuthorityFolder(path: folder + "/theirs")
      #expect(try !credentials.isSigned(by: theirs.create(name: "test", at: .noon).keyHash))
    }
  }

  @Test func renewalKeepsTheNameAndNeedsAGoodCertificate() async throws {
    try await withAuthority { authority, folder in
      let credentials = try authority.credentials(.host, "a1", names: [.dns("a1.example")])
      let next = try PendingCertificate(credentials.identity, names: [.dns("c1")])
      let later = Timestamp.noon.days(60)
      let issued = try authority.renew(credentials.peer, next.request, names: credentials.peer.names, at: later)
      let renewed = try next.credentials(from: issued.grant, authority: nil)
      #expect(renewed.identity == credentials.identity && renewed.peer.names == credentials.peer.names)
      #expect(renewed.notAfter == Timestamp.noon.days(150))
      try renewed.save(folder: folder)
      #expect(try Credentials.load(folder: folder).peer == renewed.peer)
      #expect(
        await refusal {
          _ = try authority.renew(credentials.peer, next.request, names: [], at: .noon.days(91))
        } == .expired)
      try authority.revoke(.holder(credentials.identity), reason: "stolen", at: later)
      for peer in [credentials.peer, renewed.peer] {
        #expect(await refusal { _ = try authority.renew(peer, next.request, names: [], at: later) } == .revoked)
      }
    }
  }
}
