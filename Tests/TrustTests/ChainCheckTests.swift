import Model
import Testing
import Trust

/// Whom a chain shows, and why none.
@Suite struct ChainCheckTests {
  private struct Two {
    var ours: AuthorityFolder
    var credentials: Credentials
    var check: ChainCheck

    init(_ authority: AuthorityFolder) throws {
      ours = authority
      credentials = try authority.credentials(.controller, "c1")
      check = ChainCheck(trusting: credentials, revocations: Revocations())
    }

    func refusal(
      of shown: Credentials, for purpose: ChainCheck.Purpose = .client, at now: Timestamp = .noon
    ) async -> TrustError? {
      do {
        _ = try await check.peer(certificates(pem: shown.chainPEM), for: purpose, at: now)
        return nil
      } catch { return error as? TrustError }
    }
  }

  @Test func hostsAreBothEndsAndOperatorsClients() async throws {
    try await withAuthority { authority, _ in
      let it = try Two(authority)
      let host = try authority.credentials(.host, "a1", names: [.dns("a1.example")])
      let chain = try certificates(pem: host.chainPEM)
      for purpose in [ChainCheck.Purpose.client, .server] {
        let peer = try await it.check.peer(chain, for: purpose, at: .noon)
        #expect(peer.identity == host.identity && peer.identity.path == "host/a1")
        #expect(peer.serial == host.peer.serial)
        #expect(peer.names == [.dns("a1"), .dns("a1.example")])
      }
      let alice = try authority.credentials(.operator, "alice")
      #expect(await it.refusal(of: alice) == nil)
      #expect(await it.refusal(of: alice, for: .server)?.code == .notAllowed)
    }
  }

  @Test func theClockDecides() async throws {
    try await withAuthority { authority, _ in
      let it = try Two(authority)
      let host = try authority.credentials(.host, "a1", lifetime: Timestamp.day, at: .noon.days(1))
      let end = Timestamp.noon.days(2)
      // An hour for clocks that are behind.
      let start = Timestamp.noon.days(1).advanced(bySeconds: -3600)
      #expect(await it.refusal(of: host, at: start.advanced(bySeconds: -1))?.code == .notYetValid)
      #expect(await it.refusal(of: host, at: start) == nil)
      #expect(await it.refusal(of: host, at: end) == nil)
      let late = await it.refusal(of: host, at: end.advanced(bySeconds: 1))
      #expect(late?.code == .expired)
      #expect(late?.description.contains("host a1") == true && late?.description.contains("\(end)") == true)
    }
  }

  @Test func anotherAuthorityOfTheSameNameIsAStranger() async throws {
    try await withAuthority { authority, folder in
      let it = try Two(authority)
      let theirs = AuthorityFolder(path: folder + "/theirs")
      // Made at the same instant, with the same name.
      _ = try theirs.create(name: "test", at: .noon)
      #expect(await it.refusal(of: try theirs.credentials(.host, "a1"))?.code == .untrusted)
      // With our authority's certificate in its chain.
      let forged = try certificates(pem: theirs.credentials(.host, "a1").chainPEM + it.credentials.rootsPEM)
      #expect(await TrustTests.refusal { _ = try await it.check.peer(forged, for: .client, at: .noon) } == .untrusted)
      // The authority's own certificate is nobody's.
      let root = try certificates(pem: it.credentials.rootsPEM)
      #expect(await TrustTests.refusal { _ = try await it.check.peer(root, for: .client, at: .noon) } == .untrusted)
      #expect(await TrustTests.refusal { _ = try await it.check.peer([], for: .client, at: .noon) } == .untrusted)
    }
  }

  @Test func theRevokedAreRefusedAtOnceAndTheOthersNot() async throws {
    try await withAuthority { authority, _ in
      let (a1, a2) = (try authority.credentials(.host, "a1"), try authority.credentials(.host, "a2"))
      let watched = authority.watchRevocations()
      func refusal(_ shown: Credentials) async -> TrustError? {
        await TrustTests.error {
          let check = ChainCheck(trusting: a1, revocations: watched.current)
          _ = try await check.peer(certificates(pem: shown.chainPEM), for: .client, at: .noon)
        }
      }
      #expect(await refusal(a1) == nil)
      try authority.revoke(.serial(a1.peer.serial), reason: "stolen\nlaptop", at: .noon)
      let told = await refusal(a1)
      #expect(told?.code == .revoked)
      #expect(told?.description.contains("was revoked at 2026-11-24T12:00:00Z: stolen laptop") == true)
      #expect(await refusal(a2) == nil)
    }
  }

  /// Extensions of a certificate by our authority's key, and what is said of it.
  @Test(arguments: [
    ("subjectAltName=URI:transhumance://host/a1\nextendedKeyUsage=clientAuth", nil),
    // Without purposes: good for all.
    ("subjectAltName=URI:transhumance://host/a1", nil),
    ("subjectAltName=critical,URI:transhumance://host/a1\nextendedKeyUsage=critical,clientAuth,serverAuth", nil),
    ("subjectAltName=URI:transhumance://host/a1,URI:https://a1.example/", nil),
    ("subjectAltName=DNS:a1", "has none"), ("keyUsage=digitalSignature", "has none"),
    ("subjectAltName=URI:transhumance://host/a1,URI:transhumance://host/a2", "needs one URI"),
    ("subjectAltName=URI:transhumance://host/a1,URI:transhumance://controller/c1", "needs one URI"),
    ("subjectAltName=URI:TRANSHUMANCE://host/a1", "needs one URI"),
    ("subjectAltName=URI:transhumance://host/a1,URI:Transhumance://host/a2", "needs one URI"),
    ("subjectAltName=URI:transhumance://host/a1/../a2", "needs one URI"),
    ("subjectAltName=DNS:transhumance://host/a1", "has none"),
    ("subjectAltName=URI:transhumance://host/a1\nextendedKeyUsage=codeSigning", "no client's"),
    ("subjectAltName=URI:transhumance://host/a1\nextendedKeyUsage=serverAuth", "no client's"),
    ("subjectAltName=URI:transhumance://host/a1\n1.2.3.4=critical,ASN1:NULL", "isn't of an authority"),
  ])
  func whatACertificateSays(extensions: String, said: String?) async throws {
    try await withFolder { folder in
      try write(extensions, folder + "/extensions")
      let made = try await OpenSSL.script(
        """
        exec 2> log
        new='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
        openssl req -x509 $new -keyout ca.key -out ca.crt -subj /CN=x -days 9
        openssl req $new -keyout key -out csr -subj /CN=a1
        openssl x509 -req -in csr -CA ca.crt -CAkey ca.key -CAcreateserial -extfile extensions -days 5 -out crt
        openssl x509 -in crt -noout -serial
        chmod 600 ca.key
        """, in: folder)
      try #require(made.code == 0)
      let authority = AuthorityFolder(path: folder + "/pki")
      let now = Timestamp.present
      _ = try authority.adopt(certificate: folder + "/ca.crt", key: folder + "/ca.key", at: now)
      let check = ChainCheck(
        trusting: try authority.credentials(.controller, "c1", at: now), revocations: Revocations())
      let error = await TrustTests.error {
        let peer = try await check.peer(certificates(folder + "/crt"), for: .client, at: now)
        #expect(peer.identity.path == "host/a1")
        #expect(made.output == "serial=\(peer.serial.description.uppercased())\n")
      }
      #expect((error == nil) == (said == nil), "\(error?.description ?? "taken")")
      if let said { #expect(error?.description.contains(said) == true, "\(error?.description ?? "taken")") }
    }
  }

  @Test func longChainsAreRefused() async throws {
    try await withAuthority { authority, _ in
      let it = try Two(authority)
      let chain = try certificates(pem: it.credentials.chainPEM)
      let long = chain + (0..<7).map { _ in chain[1] }
      #expect(await TrustTests.refusal { _ = try await it.check.peer(long, for: .client, at: .noon) } == .untrusted)
      #expect(
        await TrustTests.refusal { _ = try await it.check.peer([[1, 2, 3]], for: .client, at: .noon) } == .malformed)
    }
  }
}
