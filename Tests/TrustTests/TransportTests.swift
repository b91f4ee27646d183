import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import Model
import Testing
import Trust

/// gRPC with mutual TLS, between real ends.
@Suite struct TransportTests {
  @Test func bothEndsKnowEachOther() async throws {
    try await withAuthority { authority, _ in
      let server = try PeerTrust(authority.credentials(.controller, "c1"))
      let a1 = try PeerTrust(authority.credentials(.host, "a1"))
      try await withServer(server) { port in
        #expect(await ask(port, a1, .controller) == .peer("host/a1"))
      }
    }
  }

  @Test func whoIsNotMeantIsNotTalkedTo() async throws {
    try await withAuthority { authority, _ in
      let b1 = try PeerTrust(authority.credentials(.host, "b1"))
      let refusals = Refusals()
      let a1 = try PeerTrust(authority.credentials(.host, "a1"), refusals: refusals)
      try await withServer(b1) { port in
        #expect(await ask(port, a1, .host("b1")) == .peer("host/a1"))
        #expect(await ask(port, a1, .host("b2")) == .failed(.unavailable))
        #expect(await ask(port, a1, .controller) == .failed(.unavailable))
      }
      #expect(refusals.lines.contains { $0.contains("meant host b2, reached host b1") })
      #expect(refusals.lines.contains { $0.contains("only controllers may") })
    }
  }

  /// Whom the server turns away, and what its log says of each.
  @Test func strangersAreTurnedAway() async throws {
    try await withAuthority { authority, folder in
      let theirs = AuthorityFolder(path: folder + "/theirs")
      _ = try theirs.create(name: "test", at: .noon)
      let refusals = Refusals()
      let now = Timestamp.noon.days(2)
      let server = try PeerTrust(
        authority.credentials(.controller, "c1"), at: now, revocations: authority.watchRevocations(), refusals: refusals
      )
      let revoked = try authority.credentials(.host, "r1")
      try authority.revoke(.holder(revoked.identity), reason: "stolen", at: .noon)
      let shown: [(Credentials, String)] = [
        (try theirs.credentials(.host, "a1"), "isn't of an authority that is trusted here"),
        (try authority.credentials(.host, "e1", lifetime: Timestamp.day), "host e1: certificate"),
        (try authority.credentials(.host, "n1", at: .noon.days(9)), "host n1: certificate"), (revoked, ": stolen"),
      ]
      try await withServer(server) { port in
        for (credentials, said) in shown {
          // It trusts the server, whose clock is right.
          let roots = try PeerTrust(authority.credentials(.host, "x"), at: now)
          let client = try PeerTrust(
            Credentials.mixed(credentials, trusting: roots.credentials, in: folder), at: now)
          let before = refusals.lines.count
          #expect(await ask(port, client, .controller) == .failed(.unavailable))
          #expect(refusals.lines.dropFirst(before).contains { $0.contains(said) }, "\(said): \(refusals.lines)")
        }
        // Of the right authority, and yet of no role that may call.
        let alice = try PeerTrust(authority.credentials(.operator, "alice", at: now), at: now)
        #expect(await ask(port, alice, .controller) == .failed(.permissionDenied))
        #expect(refusals.lines.last?.contains("operator alice may not call test.Who/Who") == true)
        // Without a certificate.
        let open = HTTP2ClientTransport.Posix.TransportSecurity.joining(
          try authority.load().keyHash, at: { now }, refused: { _ in })
        #expect(await ask(port, { open }) == .failed(.unavailable))
        // In clear.
        #expect(await ask(port, { .plaintext }) == .failed(.unavailable))
        // Others are unaffected.
        let a1 = try PeerTrust(authority.credentials(.host, "a1", at: now), at: now)
        #expect(await ask(port, a1, .controller) == .peer("host/a1"))
      }
    }
  }

  /// By somebody else's client: TLS 1.2 is refused, and so is a client that shows nothing.
  @Test func opensslIsAnswered() async throws {
    try await withAuthority { authority, folder in
      let refusals = Refusals()
      let server = try PeerTrust(authority.credentials(.controller, "c1"), refusals: refusals)
      try authority.credentials(.host, "a1").save(folder: folder)
      try await withServer(server) { port in
        func connect(_ arguments: String) async throws -> OpenSSL.Result {
          try await OpenSSL.script(
            """
            timeout 60 openssl s_client -connect 127.0.0.1:\(port) -alpn h2 -CAfile ca.crt -verify_return_error \
              -attime 1795521600 -ign_eof \(arguments) < /dev/null 2>&1 || true
            """, in: folder)
        }
        let shows = "-cert credentials.pem -key credentials.pem"
        let old = try await connect("-tls1_2 \(shows)")
        #expect(refusals.lines.last?.contains("TLS 1.3 is needed") == true, "\(old.output)")
        let none = try await connect("-tls1_3")
        #expect(refusals.lines.count == 2, "\(none.output) \(refusals.lines)")
        let words = ": it shows no certificate (PEER_DID_NOT_RETURN_A_CERTIFICATE)"
        #expect(refusals.lines.last?.hasSuffix(words) == true, "\(refusals.lines)")
        // Two lines for two connections.
        #expect(refusals.lines.allSatisfy { $0.hasPrefix("refused a connection from ") && $0.contains("127.0.0.1") })
      }
    }
  }

  /// Without gRPC: certificate, key and chain do between two ends of OpenSSL.
  @Test(arguments: [("a1", true), ("stranger", false)])
  func opensslSpeaksToItself(client: String, isTaken: Bool) async throws {
    try await withAuthority { authority, folder in
      let theirs = AuthorityFolder(path: folder + "/theirs")
      _ = try theirs.create(name: "test", at: .noon)
      for (name, credentials) in [
        ("b1", try authority.credentials(.host, "b1")), ("a1", try authority.credentials(.host, "a1")),
        ("stranger", try theirs.credentials(.host, "a1")),
      ] {
        try write(credentials.chainPEM, "\(folder)/\(name).crt")
        try write(credentials.key.pem, "\(folder)/\(name).key")
      }
      let spoken = try await OpenSSL.script(
        """
        verify='-CAfile pki/ca.crt -verify_return_error -attime 1795521600 -tls1_3'
        openssl s_server -accept 127.0.0.1:0 -naccept 1 -www -cert b1.crt -key b1.key -Verify 2 \
          $verify > server 2>&1 < /dev/null &
        port= tries=0
        while [ -z "$port" ] && [ $tries -lt 600 ]; do
          port=$(sed -n 's/^ACCEPT.*:\\([0-9]*\\)$/\\1/p' server) tries=$((tries + 1))
          [ -n "$port" ] || sleep 0.05
        done
        printf 'GET / HTTP/1.0\\r\\n\\r\\n' | timeout 60 openssl s_client -connect 127.0.0.1:$port -cert \(client).crt \
          -key \(client).key -verify_hostname b1 -ign_eof $verify 2>&1 || true
        kill $! 2> /dev/null || true
        """, in: folder)
      #expect(spoken.output.contains("Verify return code: 0 (ok)") || !isTaken, "\(spoken.output)\(spoken.error)")
      #expect(spoken.output.contains("HTTP/1.0 200 ok") == isTaken, "\(spoken.output)")
    }
  }

  /// One more than may be open is closed before it costs a handshake; when one has gone, the next comes in.
  @Test(arguments: [
    (ConnectionLimit(inAll: 1, ofAddress: 9), ": 1 are open"),
    (ConnectionLimit(inAll: 9, ofAddress: 1), ": 1 of its address are open"),
  ])
  func connectionsAreBounded(limit: ConnectionLimit, said: String) async throws {
    try await withAuthority { authority, _ in
      let refusals = Refusals()
      let server = try PeerTrust(authority.credentials(.controller, "c1"), refusals: refusals)
      let a1 = try PeerTrust(authority.credentials(.host, "a1"))
      try await withServer(server, atMost: limit) { port in
        let transport = try HTTP2ClientTransport.Posix(
          target: .ipv4(address: "127.0.0.1", port: port), transportSecurity: a1.clientSecurity(expecting: .controller))
        try await withGRPCClient(transport: transport) { client in
          let first = try await who(client)
          #expect(first == "host/a1")
          let second = await ask(port, a1, .controller)
          #expect(second == .failed(.unavailable))
        }
        while await ask(port, a1, .controller) != .peer("host/a1") {}
      }
      #expect(refusals.lines.contains { $0.hasPrefix("refused a connection from ") && $0.hasSuffix(said) })
    }
  }

  /// A service that nobody was allowed to call is closed to all.
  @Test func servicesHaveTheirCallers() async throws {
    try await withAuthority { authority, _ in
      let server = try PeerTrust(authority.credentials(.controller, "c1"))
      let a1 = try PeerTrust(authority.credentials(.host, "a1"))
      let alice = try PeerTrust(authority.credentials(.operator, "alice"))
      let cases: [([ServiceDescriptor: Set<Identity.Role>], [Answer])] = [
        ([WhoService.who.service: [.operator]], [.failed(.permissionDenied), .peer("operator/alice")]),
        ([:], [.failed(.permissionDenied), .failed(.permissionDenied)]),
      ]
      for (callers, expected) in cases {
        let gate = PeerGate(server, services: callers)
        try await withServer(server, gate: gate) { port in
          let answers = [await ask(port, a1, .controller), await ask(port, alice, .controller)]
          #expect(answers == expected)
        }
      }
    }
  }

  @Test func callsOfTheRevokedEnd() async throws {
    try await withAuthority { authority, _ in
      let refusals = Refusals()
      let server = try PeerTrust(authority.credentials(.controller, "c1"), refusals: refusals)
      let a1 = try PeerTrust(authority.credentials(.host, "a1"))
      let a2 = try PeerTrust(authority.credentials(.host, "a2"))
      try await withServer(server) { port in
        let transport = try HTTP2ClientTransport.Posix(
          target: .ipv4(address: "127.0.0.1", port: port), transportSecurity: a1.clientSecurity(expecting: .controller))
        try await withGRPCClient(transport: transport) { client in
          let code = try await client.serverStreaming(
            request: ClientRequest(message: []), descriptor: WhoService.follow, serializer: WhoService.Plain(),
            deserializer: WhoService.Plain(), options: .defaults
          ) { response -> RPCError.Code? in
            do {
              for try await message in response.messages {
                #expect(message == Array("host/a1".utf8))
                // The call goes on; now its caller is somebody who stole a key.
                server.revoke([a1.credentials.peer.serial])
              }
              return nil
            } catch {
              return (error as? RPCError)?.code
            }
          }
          #expect(code == .unauthenticated)
          // Over the connection that is there still.
          let again = await #expect(throws: RPCError.self) { _ = try await who(client) }
          #expect(again?.code == .unauthenticated)
        }
        #expect(await ask(port, a1, .controller) == .failed(.unavailable))
        #expect(await ask(port, a2, .controller) == .peer("host/a2"))
      }
      #expect(refusals.lines.contains { $0.hasPrefix("ended a call: host a1: certificate") })
    }
  }

  /// However many a controller tells of, so many are remembered; those that are known stay.
  @Test func whatIsRevokedByOthersIsBounded() async throws {
    try await withAuthority { authority, _ in
      let trust = try PeerTrust(authority.credentials(.host, "a1"))
      func serials(_ numbers: Range<Int>) -> [SerialNumber] {
        numbers.map { number in
          SerialNumber(bytes: [16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) })
        }
      }
      #expect(trust.revoke(serials(1..<101)).count == 100)
      #expect(trust.revoke(serials(51..<100_001)) == serials(51..<Revocations.most + 1))
      #expect(trust.revoke(serials(200_000..<200_001)).isEmpty)
      #expect(trust.revoke(serials(1..<101)).count == 100)
    }
  }

  @Test func newCredentialsAreShownFromTheNextConnectionOn() async throws {
    try await withAuthority { authority, _ in
      let server = try PeerTrust(authority.credentials(.host, "b1"))
      let client = try PeerTrust(authority.credentials(.host, "a1"))
      try await withServer(server) { port in
        #expect(await ask(port, client, .host("b1")) == .peer("host/a1"))
        try server.replace(authority.credentials(.host, "b2"))
        try client.replace(authority.credentials(.host, "a2"))
        #expect(await ask(port, client, .host("b1")) == .failed(.unavailable))
        #expect(await ask(port, client, .host("b2")) == .peer("host/a2"))
      }
    }
  }

  /// A host that has nothing but a token and a hash; the server asks for no certificate, and its gate lets nobody in.
  @Test func whoJoinsKnowsItsControllerByTheHash() async throws {
    try await withAuthority { authority, folder in
      let theirs = AuthorityFolder(path: folder + "/theirs")
      _ = try theirs.create(name: "test", at: .noon)
      let (ours, other) = (try authority.load().keyHash, try theirs.load().keyHash)
      let refusals = Refusals()
      func joining(_ hash: KeyHash) -> HTTP2ClientTransport.Posix.TransportSecurity {
        .joining(hash, at: { .noon }, refused: { refusals.add($0) })
      }
      let controller = try PeerTrust(authority.credentials(.controller, "c1"))
      try await withServer(controller, security: { try $0.openServerSecurity() }) { port in
        // Through TLS, to the gate.
        #expect(await ask(port, { joining(ours) }) == .failed(.unauthenticated))
        #expect(await ask(port, { joining(other) }) == .failed(.unavailable))
      }
      #expect(refusals.lines.count >= 1 && refusals.lines.allSatisfy { $0.contains("isn't of the authority \(other)") })
      // One whose key was stolen, as the host has been told.
      let stolen = Revocations(serials: [controller.credentials.peer.serial])
      try await withServer(controller, security: { try $0.openServerSecurity() }) { port in
        let informed = HTTP2ClientTransport.Posix.TransportSecurity.joining(
          ours, revocations: stolen, at: { .noon }, refused: { refusals.add($0) })
        #expect(await ask(port, { informed }) == .failed(.unavailable))
      }
      #expect(refusals.lines.last?.contains("controller c1: certificate") == true)
      #expect(refusals.lines.last?.hasSuffix("was revoked") == true)
      // A host of ours is no controller.
      let host = try PeerTrust(authority.credentials(.host, "a1"))
      try await withServer(host, security: { try $0.openServerSecurity() }) { port in
        #expect(await ask(port, { joining(ours) }) == .failed(.unavailable))
      }
      #expect(refusals.lines.last?.contains("only controllers may") == true)
    }
  }

  /// Hosts' keys of each kind that an existing authority may have given them.
  @Test(arguments: ["rsa:2048", "ec -pkeyopt ec_paramgen_curve:P-384", "ec -pkeyopt ec_paramgen_curve:P-256"])
  func keysOfOtherKinds(kind: String) async throws {
    try await withAuthority { authority, folder in
      let made = try await OpenSSL.script(
        "openssl req -new -newkey \(kind) -nodes -keyout key -out csr -subj /CN=x 2> log; chmod 600 key", in: folder)
      try #require(made.code == 0)
      let request = try CertificateRequest(pem: Array(Data(contentsOf: URL(filePath: folder + "/csr"))), source: "csr")
      let issued = try authority.issue(CertificateOrder(Identity(.host, "a1"), for: request), at: .noon, by: "test")
      try write(issued.chainPEM, folder + "/a1.crt")
      let credentials = try Credentials.load(
        certificate: folder + "/a1.crt", key: folder + "/key", authorities: authority.certificatePath)
      let server = try PeerTrust(credentials)
      try await withServer(server) { port in
        #expect(await ask(port, server, .host("a1")) == .peer("host/a1"))
      }
    }
  }
}

extension Credentials {
  /// Shows one's certificate, and trusts whom the other trusts: what a thief would do.
  fileprivate static func mixed(_ shown: Credentials, trusting other: Credentials, in folder: String) throws
    -> Credentials
  {
    try write(shown.chainPEM, folder + "/mixed.crt")
    try write(shown.key.pem, folder + "/mixed.key")
    try write(shown.rootsPEM + other.rootsPEM, folder + "/mixed-ca.crt")
    return try load(
      certificate: folder + "/mixed.crt", key: folder + "/mixed.key", authorities: folder + "/mixed-ca.crt")
  }
}
