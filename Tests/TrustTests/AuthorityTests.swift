import Foundation
import Model
import Testing
import Trust

/// What we sign, judged by OpenSSL.
@Suite struct AuthorityTests {
  private func at(_ instant: Timestamp) -> String { String(instant.nanoseconds / 1_000_000_000) }

  private func write(_ credentials: Credentials, _ path: String) throws {
    try TrustTests.write(credentials.chainPEM, path + ".crt")
    try TrustTests.write(credentials.key.pem, path + ".key")
  }

  @Test func opensslAcceptsWhatWeSign() async throws {
    try await withAuthority { authority, folder in
      let names = [SubjectName.dns("a1.example"), .address(IPAddress(v4: 0x0a00_0001))]
      let credentials = try authority.credentials(.host, "a1", names: names)
      try write(credentials, folder + "/a1")
      for purpose in ["sslserver", "sslclient"] {
        for name in [["-verify_hostname", "a1"], ["-verify_hostname", "a1.example"], ["-verify_ip", "10.0.0.1"]] {
          let judged = try await OpenSSL.script(
            "openssl verify -x509_strict -purpose \(purpose) \(name.joined(separator: " ")) "
              + "-attime \(at(.noon)) -CAfile pki/ca.crt a1.crt", in: folder)
          #expect(judged.code == 0, "\(judged.output)\(judged.error)")
        }
      }
      let other = try await OpenSSL.script(
        "openssl verify -verify_hostname a2 -attime \(at(.noon)) -CAfile pki/ca.crt a1.crt", in: folder)
      #expect(other.code != 0)
      let told = try await OpenSSL.script(
        """
        openssl x509 -in a1.crt -noout -serial -startdate -enddate -dateopt iso_8601 -subject \
          -ext basicConstraints,keyUsage,extendedKeyUsage,subjectAltName
        """, in: folder)
      let text = told.output
      #expect(text.contains("serial=\(credentials.peer.serial.description.uppercased())\n"))
      #expect(text.contains("notBefore=2026-11-24 11:00:00Z"))
      // 90 days later.
      #expect(text.contains("notAfter=2027-02-22 12:00:00Z"))
      #expect(text.contains("O = transhumance, OU = host, CN = a1"))
      #expect(text.contains("Basic Constraints: critical\n    CA:FALSE"))
      #expect(text.contains("Key Usage: \n    Digital Signature\n"))
      #expect(text.contains("TLS Web Server Authentication, TLS Web Client Authentication"))
      #expect(text.contains("URI:transhumance://host/a1, DNS:a1, DNS:a1.example, IP Address:10.0.0.1"))
    }
  }

  @Test func anOperatorsIsAClientsOnly() async throws {
    try await withAuthority { authority, folder in
      try write(authority.credentials(.operator, "alice"), folder + "/alice")
      for (purpose, isGood) in [("sslserver", false), ("sslclient", true)] {
        let judged = try await OpenSSL.script(
          "openssl verify -purpose \(purpose) -attime \(at(.noon)) -CAfile pki/ca.crt alice.crt", in: folder)
        #expect((judged.code == 0) == isGood)
      }
    }
  }

  @Test func theRootSignsNoOtherAuthorities() async throws {
    try await withAuthority { _, folder in
      let told = try await OpenSSL.script(
        """
        openssl x509 -in pki/ca.crt -noout -startdate -enddate -dateopt iso_8601 -ext basicConstraints,keyUsage
        openssl verify -x509_strict -attime \(at(.noon)) -CAfile pki/ca.crt pki/ca.crt
        openssl pkey -in pki/ca.key -check -noout
        """, in: folder)
      #expect(told.code == 0, "\(told.error)")
      #expect(told.output.contains("CA:TRUE, pathlen:0"))
      #expect(told.output.contains("Key Usage: critical\n    Certificate Sign, CRL Sign"))
      #expect(told.output.contains("notAfter=2036-11-21 12:00:00Z"))
      #expect(told.output.contains("Key is valid"))
    }
  }

  @Test func theHashIsKubeadms() async throws {
    try await withAuthority { authority, folder in
      let told = try await OpenSSL.script(
        "openssl x509 -in pki/ca.crt -pubkey -noout | openssl pkey -pubin -outform DER | openssl dgst -sha256",
        in: folder)
      let hash = try authority.load().keyHash
      #expect(told.output.hasSuffix("= \(hash.description.dropFirst("sha256:".count))\n"))
      #expect(KeyHash("\(hash)") == hash)
      #expect(KeyHash("\(hash)".uppercased()) == hash)
      for text in ["", "sha256:", "sha256:00", "sha1:\(String(repeating: "0", count: 64))", "\(hash)0"] {
        #expect(KeyHash(text) == nil)
      }
    }
  }

  @Test func lifetimesEndWithTheAuthority() async throws {
    try await withFolder { folder in
      let authority = AuthorityFolder(path: folder)
      let made = try authority.create(name: "short", lifetime: 10 * Timestamp.day, at: .noon)
      #expect(made.notAfter == Timestamp.noon.days(10))
      let late = try authority.credentials(.host, "a1", at: .noon.days(9))
      #expect(late.notAfter == made.notAfter)
      #expect(await refusal { _ = try authority.credentials(.host, "a1", at: .noon.days(10)) } == .expired)
      // Nothing is good before its authority is.
      #expect(try authority.credentials(.host, "a2").notBefore == made.notBefore)
    }
  }

  /// Each kind of key, in each form that OpenSSL writes.
  @Test(arguments: [
    "openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out crt -subj /CN=x -days 3650",
    "openssl genrsa -traditional -out key 2048; openssl req -x509 -key key -out crt -subj /CN=x -days 3650",
    "openssl ecparam -name prime256v1 -genkey -out key; openssl req -x509 -key key -out crt -subj /CN=x -days 3650",
    "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out key; "
      + "openssl req -x509 -key key -out crt -subj /CN=x -days 3650",
    "openssl ecparam -name secp384r1 -genkey -noout -out key; openssl req -x509 -key key -out crt -subj /CN=x -days 99",
  ])
  func anExistingAuthorityIsTaken(script: String) async throws {
    try await withFolder { folder in
      let made = try await OpenSSL.script("\(script) 2> /dev/null; chmod 600 key", in: folder)
      try #require(made.code == 0, "\(made.error)")
      let authority = AuthorityFolder(path: folder + "/pki")
      let now = Timestamp.present
      _ = try authority.adopt(certificate: folder + "/crt", key: folder + "/key", at: now)
      #expect(try mode(folder + "/pki/ca.key") == 0o600)
      try write(authority.credentials(.host, "a1", at: now), folder + "/a1")
      let judged = try await OpenSSL.script("openssl verify -purpose sslclient -CAfile crt a1.crt", in: folder)
      #expect(judged.code == 0, "\(judged.output)\(judged.error)")
    }
  }

  /// An authority below another is trusted for itself: what the one above signs otherwise is nobody's.
  @Test func anAuthorityBelowAnotherIsTakenAlone() async throws {
    try await withFolder { folder in
      let made = try await OpenSSL.script(
        """
        exec 2> log
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout top.key -out top.crt -subj /CN=top
        for name in ours theirs; do
          openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $name.key -out csr -subj /CN=$name
          printf 'basicConstraints=critical,CA:TRUE\\nkeyUsage=critical,keyCertSign\\n' > extensions
          openssl x509 -req -in csr -CA top.crt -CAkey top.key -CAcreateserial -extfile extensions -out $name.crt
          chmod 600 $name.key
        done
        cat top.crt theirs.crt > chain.crt
        """, in: folder)
      try #require(made.code == 0, "\(made.error)")
      let now = Timestamp.present
      let ours = AuthorityFolder(path: folder + "/a")
      let theirs = AuthorityFolder(path: folder + "/b")
      _ = try ours.adopt(certificate: folder + "/ours.crt", key: folder + "/ours.key", at: now)
      _ = try theirs.adopt(certificate: folder + "/chain.crt", key: folder + "/theirs.key", at: now)
      #expect(try certificates(folder + "/b/ca.crt") == certificates(folder + "/theirs.crt"))
      let mine = try ours.credentials(.host, "a1", at: now)
      let stranger = try theirs.credentials(.host, "a1", at: now)
      let check = ChainCheck(trusting: mine, revocations: Revocations())
      let chain = try certificates(pem: mine.chainPEM)
      #expect(try await check.peer(chain, for: .client, at: now).identity == mine.identity)
      for shown in [
        try certificates(pem: stranger.chainPEM), try certificates(pem: stranger.chainPEM + mine.rootsPEM),
        try certificates(pem: stranger.chainPEM) + certificates(folder + "/top.crt"),
      ] {
        #expect(await refusal { _ = try await check.peer(shown, for: .client, at: now) } == .untrusted)
      }
      // For others, who trust the one above.
      try write(mine, folder + "/a1")
      let judged = try await OpenSSL.script(
        "openssl verify -CAfile top.crt -untrusted a1.crt a1.crt; "
          + "openssl verify -partial_chain -CAfile ours.crt a1.crt",
        in: folder)
      #expect(judged.code == 0, "\(judged.output)\(judged.error)")
    }
  }

  /// While one authority takes another's place, holders of new certificates trust both.
  @Test(arguments: [false, true])
  func anotherIsTrustedBesideIt(isOtherFirst: Bool) async throws {
    try await withAuthority { authority, folder in
      let other = AuthorityFolder(path: folder + "/other")
      _ = try other.create(name: "next", at: .noon)
      let before = try authority.load()
      let pair = try [before.certificatesPEM, other.load().certificatesPEM]
      try TrustTests.write((isOtherFirst ? pair.reversed() : pair).joined(), authority.certificatePath, mode: 0o644)
      #expect(try authority.load().keyHash == before.keyHash)
      let a1 = try authority.credentials(.host, "a1")
      try a1.save(folder: folder)
      let check = ChainCheck(trusting: try Credentials.load(folder: folder), revocations: Revocations())
      for signer in [authority, other] {
        let chain = try certificates(pem: signer.credentials(.host, "b1").chainPEM)
        #expect(try await check.peer(chain, for: .server, at: .noon).identity.path == "host/b1")
      }
      // Who has an older certificate doesn't.
      let old = ChainCheck(trusting: try other.credentials(.host, "c1"), revocations: Revocations())
      let chain = try certificates(pem: a1.chainPEM)
      #expect(await refusal { _ = try await old.peer(chain, for: .client, at: .noon) } == .untrusted)
    }
  }

  @Test func anExpiredAuthorityIsRefused() async throws {
    try await withFolder { folder in
      _ = try await OpenSSL.script(
        "umask 077; openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out crt -subj /CN=x -days 30 2> log",
        in: folder)
      let later = Timestamp.present.days(31)
      let authority = AuthorityFolder(path: folder + "/pki")
      #expect(
        await refusal { _ = try authority.adopt(certificate: folder + "/crt", key: folder + "/key", at: later) }
          == .expired)
    }
  }

  /// What makes it, and what is said of it.
  @Test(arguments: [
    ("openssl req -x509 -newkey rsa:1024 -nodes -keyout key -out crt -subj /CN=x", "RSA from 2048 bits on"),
    (
      "openssl genpkey -algorithm ed25519 -out key; openssl req -x509 -key key -out crt -subj /CN=x",
      "P-256, P-384 and RSA"
    ),
    (
      "openssl req -x509 -newkey rsa:2048 -keyout key -out crt -subj /CN=x -passout pass:secret",
      "encrypted: decrypt it first"
    ),
    (
      "openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out crt -subj /CN=x -addext basicConstraints=CA:FALSE",
      "is no authority"
    ),
    (
      "openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out crt -subj /CN=x -addext keyUsage=digitalSignature",
      "may not sign certificates"
    ),
    (
      "openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out crt -subj /CN=x; openssl genrsa -out key 2048",
      "the key is another certificate's"
    ),
    ("openssl genrsa -out key 2048; cp key crt", "there is no certificate in it"),
    ("openssl req -x509 -newkey rsa:2048 -nodes -keyout k -out crt -subj /CN=x; cp crt key", "there are 0"),
    ("openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out crt -subj /CN=x; chmod 640 key", "chmod 600"),
    ("openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out crt -subj /CN=x; rm key", "there is no such file"),
    ("head -c 2000000 /dev/zero > key; cp key crt", "more than"), ("echo x > key; echo y > crt", "there are 0"),
  ])
  func whatCannotBeAnAuthorityIsRefused(script: String, said: String) async throws {
    try await withFolder { folder in
      _ = try await OpenSSL.script("umask 077; { \(script); } 2> /dev/null", in: folder)
      let authority = AuthorityFolder(path: folder + "/pki")
      let now = Timestamp.present
      let error = #expect(throws: TrustError.self) {
        _ = try authority.adopt(certificate: folder + "/crt", key: folder + "/key", at: now)
      }
      #expect(error?.description.contains(said) == true, "\(error?.description ?? "nothing")")
      #expect(!FileManager.default.fileExists(atPath: folder + "/pki/ca.crt"))
    }
  }
}
