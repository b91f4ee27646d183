import Agent
import Controller
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import Model
import SwiftProtobuf
import Testing
import Trust
import Wire

/// Hosts that join by a token, with the command's own code, and those that may not.
@Suite struct JoiningTests {
  /// The refusal of the body.
  private func refusal(_ body: () async throws -> Void) async throws -> TrustError {
    try #require(await #expect(throws: TrustError.self) { try await body() })
  }

  @Test func aHostJoinsAndConnects() async throws {
    try await withTrustedController { controller in
      let token = try controller.token()
      guard case .joined(let credentials) = try await controller.join("a1", token) else {
        Issue.record("it had joined before")
        return
      }
      #expect(credentials.identity.path == "host/a1")
      #expect(try Credentials.load(folder: controller.hostFolder("a1")).peer == credentials.peer)
      #expect(
        controller.log.lines.contains { $0.hasPrefix("host a1 joined by token \(token.id), from ipv4:127.0.0.1:") })
      let host = try TestHost(port: controller.port, trust: controller.trust(credentials))
      try await host.whileConnecting { await controller.registry.wait(for: "a1") }
      // Once more: nothing is asked.
      guard case .present = try await controller.join("a1", token) else {
        Issue.record("it joined twice")
        return
      }
      #expect(try controller.authority.records().records.filter { $0.role == .host }.count == 1)
    }
  }

  /// What it is called beside its own name: addresses from which it calls, and names that begin with its own.
  @Test func namesOfOthersAreNotGiven() async throws {
    try await withTrustedController { controller in
      let asked: [SubjectName] = [
        .address(IPAddress(v4: 0x7f00_0001)), .address(IPAddress(v4: 0xc000_0207)), .dns("a1.example"),
        .dns("b1.example"), .dns("b1"),
      ]
      guard case .joined(let credentials) = try await controller.join("a1", controller.token(), names: asked) else {
        return
      }
      #expect(credentials.peer.names == [.dns("a1"), .address(IPAddress(v4: 0x7f00_0001)), .dns("a1.example")])
    }
  }

  @Test func tokensThatAreNotGoodAreRefused() async throws {
    try await withTrustedController { controller in
      let others = try controller.token("b1")
      let told = try await refusal { _ = try await controller.join("a1", others) }
      #expect(told.description.contains("is for host b1, not for a1"))
      let unknown = try await refusal { _ = try await controller.join("a1", .random()) }
      #expect(unknown.code == .badToken && unknown.description.contains("nobody was given that token"))
      let unlisted = try await refusal { _ = try await controller.join("z9", controller.token()) }
      #expect(unlisted.description.contains("the federation has no host z9"))
      let used = try controller.token()
      _ = try await controller.join("a1", used)
      let usedUp = try await refusal { _ = try await controller.join("b1", used) }
      #expect(usedUp.code == .badToken && usedUp.description.contains("is used up, by a1"))
      let taken = try await refusal { _ = try await controller.join("a1", controller.token(), folder: "thief") }
      #expect(taken.description.contains("transhumance token create --host a1"))
      let old = try controller.token()
      controller.time.advance(days: 1)
      let expired = try await refusal { _ = try await controller.join("b1", old) }
      #expect(expired.code == .badToken && expired.description.contains("expired at"))
      #expect(try controller.authority.records().records.filter { $0.role == .host }.count == 1)
      let lines = controller.log.lines.filter { $0.hasPrefix("refused to let host ") }
      #expect(lines.count == 6, "\(controller.log.lines)")
      // What is logged lets nobody in.
      #expect(!controller.log.lines.contains { $0.contains(used.secret) || $0.contains(old.secret) })
    }
  }

  /// A server that isn't of the authority that is meant hears nothing.
  @Test func nothingIsSentToAnotherController() async throws {
    try await withTrustedController { meant in
      try await withTrustedController { other in
        let token = try other.token()
        let hash = try meant.hash
        let told = try await refusal { _ = try await other.join("a1", token, hash: hash) }
        #expect(told.code == .untrusted && told.description.contains("was told nothing"))
        #expect(told.description.contains("isn't of the authority \(hash)"))
        #expect(try other.authority.joinTokens().records[0].joined.isEmpty)
        #expect(!other.log.lines.contains { $0.contains("join") })
        // The key waits; with the right hash it is good.
        guard case .joined = try await other.join("a1", token) else {
          Issue.record("it has joined before")
          return
        }
      }
    }
  }

  /// A clock that is years ahead: the controller's certificate has expired by it.
  @Test func clocksThatAreOffAreNamed() async throws {
    try await withTrustedController { controller in
      let ahead = TestTime(TrustedController.start)
      ahead.advance(days: 365)
      let told = try await refusal { _ = try await controller.join("a1", controller.token(), time: ahead) }
      #expect(told.description.contains("expired at"))
      #expect(told.description.contains("it is \(ahead.now) here"))
    }
  }

  @Test func whatIsThereAlreadyIsNotReplaced() async throws {
    try await withTrustedController { controller in
      _ = try await controller.join("a1", controller.token())
      let other = try await refusal { _ = try await controller.join("b1", controller.token(), folder: "a1") }
      #expect(other.code == .exists && other.description.contains("the certificate of host a1"))
      let inAuthority = try await refusal {
        _ = try await controller.join(
          "a1", controller.token(), hash: KeyHash("sha256:" + String(repeating: "0", count: 64)), folder: "pki")
      }
      #expect(inAuthority.code == .exists && inAuthority.description.contains("another one than sha256:0000"))
      // Beside the authority itself: its own file stays as it is.
      let before = try Data(contentsOf: URL(filePath: controller.authority.certificatePath))
      _ = try await controller.join("b1", controller.token(), folder: "pki")
      #expect(try Data(contentsOf: URL(filePath: controller.authority.certificatePath)) == before)
      #expect(try controller.authority.load().keyHash == controller.hash)
    }
  }

  /// The same again is answered again and counts once; anything else with the same token is refused.
  @Test func replays() async throws {
    try await withTrustedController { controller in
      let token = try controller.token()
      func message(_ host: String = "a1") throws -> Transhumance_V1_JoinRequest {
        let pending = try PendingCertificate(Identity(.host, host), names: [])
        return .with {
          $0.token = token.text
          $0.host = host
          $0.certificateRequest = Data(pending.request.der)
        }
      }
      let (first, other, third) = (try message(), try message(), try message("b1"))
      let codes = try await ask(controller, [first, first, other, third, first])
      #expect(codes == [nil, nil, .unauthenticated, .unauthenticated, nil])
      #expect(try controller.authority.joinTokens().records[0].joined.map(\.host) == ["a1"])
    }
  }

  @Test func whatMakesNoSenseIsRefused() async throws {
    try await withTrustedController { controller in
      let token = try controller.token()
      let request = Data(try PendingCertificate(Identity(.host, "a1"), names: []).request.der)
      func message(_ text: String, _ host: String, _ request: Data) -> Transhumance_V1_JoinRequest {
        .with { ($0.token, $0.host, $0.certificateRequest) = (text, host, request) }
      }
      let codes = try await ask(
        controller,
        [
          message("", "a1", request), message(token.text, "", request), message(token.text, "a1\n", request),
          message(token.text, "a1", Data()), message(token.text, "a1", Data(repeating: 0x30, count: 100)),
          message(token.text, "a1", Data(count: 16 << 10 + 1)), message(token.text, "a1", Data(count: 1 << 20)),
        ])
      #expect(
        codes.dropLast() == [
          .unauthenticated, .invalidArgument, .invalidArgument, .invalidArgument, .invalidArgument, .invalidArgument,
        ])
      // Longer than any message may be.
      #expect(codes.count == 7 && codes[6] != nil)
      #expect(try controller.authority.joinTokens().records[0].joined.isEmpty)
    }
  }

  /// Whoever has no good token costs a look: his request isn't read, the folder isn't waited for, and whoever does wait
  /// for it holds nobody up.
  @Test(.timeLimit(.minutes(2))) func strangersWaitForNothing() async throws {
    try await withTrustedController { controller in
      func message(_ token: JoinToken, isWhole: Bool = true) throws -> Transhumance_V1_JoinRequest {
        let pending = try PendingCertificate(Identity(.host, "a1"), names: [])
        let request = isWhole ? Data(pending.request.der) : Data(repeating: 0x30, count: 100)
        return .with { ($0.token, $0.host, $0.certificateRequest) = (token.text, "a1", request) }
      }
      let token = try controller.token(uses: 8)
      // Somebody else writes there, and takes long over it.
      let lock = open(controller.authority.path + "/lock", O_RDWR)
      // A process that another test is just starting may still have whatever was open.
      var isLocked = false
      for _ in 0..<2000 where !isLocked {
        isLocked = flock(lock, LOCK_EX | LOCK_NB) == 0
        if !isLocked { try await Task.sleep(for: .milliseconds(5)) }
      }
      try #require(isLocked)
      let waiting = try (0..<8).map { _ in try message(token) }
      let joined = try await withThrowingTaskGroup(of: [RPCError.Code?].self) { group in
        for request in waiting { group.addTask { try await ask(controller, [request]) } }
        for isWhole in [true, false] {
          let codes = try await ask(controller, Array(repeating: message(.random(), isWhole: isWhole), count: 4))
          #expect(codes == Array(repeating: .unauthenticated, count: 4))
        }
        close(lock)
        return try await group.reduce(into: []) { $0 += $1 }
      }
      // The first has the name from then on.
      #expect(joined.count { $0 == nil } == 1 && joined.count { $0 == .permissionDenied } == 7, "\(joined)")
    }
  }

  /// What can't be read lets nobody in; strangers aren't told where it is.
  @Test func damagedTokensLetNobodyIn() async throws {
    try await withTrustedController { controller in
      let token = try controller.token()
      try Data("[]".utf8).write(to: URL(filePath: controller.authority.joinTokensPath))
      let told = try await refusal { _ = try await controller.join("a1", token) }
      #expect(told.description.contains("can't read its tokens") && !told.description.contains(controller.folder))
    }
  }

  @Test func attemptsAreBounded() async throws {
    try await withTrustedController { controller in
      let most = JoinService.mostAttempts
      let codes = try await ask(controller, Array(repeating: .with { $0.host = "a1" }, count: most + 2))
      #expect(codes.prefix(most).allSatisfy { $0 == .unauthenticated })
      #expect(codes.suffix(2) == [.resourceExhausted, .resourceExhausted])
      controller.time.advance(days: 1)
      #expect(try await ask(controller, [.with { $0.host = "a1" }]) == [.unauthenticated])
    }
  }

  /// - Returns: how each is refused, one after another; nil: it isn't.
  private func ask(
    _ controller: TrustedController, _ requests: [Transhumance_V1_JoinRequest]
  ) async throws -> [RPCError.Code?] {
    let time = controller.time
    let security = HTTP2ClientTransport.Posix.TransportSecurity.joining(
      try controller.hash, at: { time.now }, refused: { _ in })
    return try await withGRPCClient(
      transport: .http2NIOPosix(
        target: .ipv4(address: "127.0.0.1", port: controller.joinPort), transportSecurity: security)
    ) { client in
      var codes: [RPCError.Code?] = []
      for request in requests { codes.append(try await Self.refusal(of: request, by: client)) }
      return codes
    }
  }

  /// A connection that its server has just ended for its age, as a slow machine sees it, is no refusal.
  private static func refusal(
    of request: Transhumance_V1_JoinRequest, by client: GRPCClient<HTTP2ClientTransport.Posix>
  ) async throws -> RPCError.Code? {
    var options = CallOptions.defaults
    options.waitForReady = true
    for _ in 0..<200 {
      do {
        _ = try await Transhumance_V1_Join.Client(wrapping: client).join(request, options: options)
        return nil
      } catch let error as RPCError {
        if error.code != .unavailable { return error.code }
      }
      try await Task.sleep(for: .milliseconds(50))
    }
    return .unavailable
  }
}
