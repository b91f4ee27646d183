import Controller
import GRPCCore
import Model
import SwiftProtobuf
import Testing
import Trust
import Wire

/// Those who aren't who they say, or nobody at all: turned away with a line in the log, and nobody else notices.
@Suite(.timeLimit(.minutes(2))) struct StrangerTests {
  enum Kind: CaseIterable {
    case withoutCertificate, ofAnotherAuthority, expired, revoked, anOperator

    var words: String {
      switch self {
      case .withoutCertificate: "refused a connection from"
      case .ofAnotherAuthority: "isn't of an authority that is trusted here"
      case .expired: "expired"
      case .revoked: "stolen"
      case .anOperator: "operator alice may not call"
      }
    }

    func credentials(_ world: HostileWorld) throws -> Credentials? {
      switch self {
      case .withoutCertificate: return nil
      case .ofAnotherAuthority:
        let other = AuthorityFolder(path: world.authority.path + "-other")
        _ = try other.create(name: "other", at: world.now)
        let key = KeyPair()
        return try Credentials(
          other.issue(CertificateOrder(Identity(.host, "a1"), for: key), at: world.now, by: "test"), key: key)
      case .expired:
        let day: Int64 = 86_400_000_000_000
        return try world.credentials(
          .host, "a1", at: world.now.advanced(byNanoseconds: -10 * day), lifetime: day)
      case .revoked:
        let credentials = try world.credentials(.host, "a1")
        try world.authority.revoke(.holder(Identity(.host, "a1")), reason: "stolen", at: world.now)
        return credentials
      case .anOperator: return try world.credentials(.operator, "alice")
      }
    }
  }

  @Test(arguments: Kind.allCases) func isTurnedAway(_ kind: Kind) async throws {
    try await HostileWorld.with { world in
      try await world.whileAnotherWorks {
        let credentials = try kind.credentials(world)
        await #expect(throws: RPCError.self) {
          try await world.call(with: credentials, saying: [.with { $0.hello.host = "a1" }]) { answers in
            for try await _ in answers {}
          }
        }
        await world.told(kind.words)
      }
      #expect(await world.registry.host("a1")?.isConnected == false)
      #expect(await world.registry.host("a1")?.heard == nil)
    }
  }

  /// A name with a line's end in it makes no second line.
  @Test(arguments: [FromHost.with { $0.hello.host = "b1" }, .with { $0.hello.host = "b1\ninfo: all is well" }])
  func whoSaysAnothersNameIsTurnedAway(_ greeting: FromHost) async throws {
    try await HostileWorld.with { world in
      try await world.whileAnotherWorks {
        let error = await #expect(throws: RPCError.self) {
          try await world.call(with: world.credentials(.host, "a1"), saying: [greeting]) { answers in
            for try await _ in answers {}
          }
        }
        #expect(error?.code == .permissionDenied)
      }
      let lines = world.lines(with: "its certificate is host a1's, and it says that it is b1")
      #expect(lines.count == 1 && !lines[0].contains("\n"), "\(lines)")
    }
  }

  @Test func whoDoesNotGreetIsTold() async throws {
    try await HostileWorld.with(patience: .milliseconds(50)) { world in
      let silent = await #expect(throws: RPCError.self) {
        try await world.call(with: world.credentials(.host, "a1"), saying: []) { answers in
          for try await _ in answers {}
        }
      }
      #expect(silent?.code == .deadlineExceeded)
      await world.told("no greeting within")
    }
    try await HostileWorld.with { world in
      await #expect(throws: RPCError.self) {
        let state = FromHost.with { $0.state.name = "a1" }
        try await world.call(with: world.credentials(.host, "a1"), saying: [state]) { answers in
          for try await _ in answers {}
        }
      }
      await world.told("the first message must be a greeting")
    }
  }
}
