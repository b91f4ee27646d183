import Controller
import GRPCCore
import GRPCNIOTransportHTTP2
import Model
import SwiftProtobuf
import Testing
import Trust
import Wire

/// Who may call what on the controller's one port for all who have certificates.
@Suite struct CallerTests {
  @Test func anOperatorIsNamedByItsCertificate() async throws {
    try await withTrustedController { controller in
      try await controller.dial(as: controller.credentials(.operator, "alice")) { client in
        let calls = Calls(client: client)
        // Whatever the request says; also on streams, which are written later.
        let (decided, followed) = (await calls.decide(by: "bob"), await calls.follow())
        #expect(decided == .answered("alice"))
        #expect(followed == .answered("alice"))
        let greeted = await calls.greet(as: "a1")
        #expect(greeted == .refused(.permissionDenied))
      }
      await controller.log.said("operator alice may not call transhumance.v1.Controller/Connect")
      // Without a certificate, on the Unix socket, it is as the request says.
      #expect(Caller.name(claimed: "bob") == "bob")
    }
  }

  @Test func aHostIsNoOperator() async throws {
    try await withTrustedController { controller in
      try await controller.dial(as: controller.credentials(.host, "a1")) { client in
        let calls = Calls(client: client)
        let control = [await calls.decide(by: "root"), await calls.follow()]
        #expect(control == [.refused(.permissionDenied), .refused(.permissionDenied)])
        let (other, joined) = (await calls.greet(as: "b1"), await calls.join())
        #expect(other == .refused(.permissionDenied))
        // Joining is served elsewhere.
        #expect(joined == .refused(.unimplemented))
      }
      await controller.log.said("host a1 may not call transhumance.v1.Control/Decide")
      #expect(await controller.registry.host("b1")?.isConnected == false)
    }
  }

  /// They are known to hosts alone.
  @Test func controllersMayCallNothing() async throws {
    try await withTrustedController { controller in
      try await controller.dial(as: controller.credentials(.controller, "c2")) { client in
        let calls = Calls(client: client)
        let results = [await calls.decide(by: "c2"), await calls.greet(as: "a1"), await calls.renew()]
        #expect(results.allSatisfy { $0 == .refused(.permissionDenied) })
      }
    }
  }

  @Test func anOperatorWhoIsRevokedSeesNoMore() async throws {
    try await withTrustedController { controller in
      let alice = try controller.credentials(.operator, "alice")
      try await controller.dial(as: alice) { client in
        let calls = Calls(client: client)
        // While the stream goes on.
        let followed = await calls.follow(toTheEnd: true) {
          try controller.authority.revoke(.holder(alice.identity), reason: "left", at: controller.time.now)
        }
        #expect(followed == .refused(.unauthenticated))
        let decided = await calls.decide(by: "alice")
        #expect(decided == .refused(.unauthenticated))
      }
      #expect(controller.log.lines.contains { $0.hasPrefix("ended a call: operator alice") && $0.hasSuffix(": left") })
    }
  }

  /// Of the stream that goes on, and of every other.
  @Test func aHostThatIsRevokedIsLetGo() async throws {
    try await withTrustedController { controller in
      let a1 = try controller.credentials(.host, "a1")
      let host = try TestHost(port: controller.port, trust: controller.trust(a1))
      try await host.whileConnecting {
        await controller.registry.wait(for: "a1")
        try controller.authority.revoke(.holder(a1.identity), reason: "stolen", at: controller.time.now)
        await controller.registry.wait(for: "a1", connected: false)
        await controller.log.said("ended a call: host a1: certificate \(a1.peer.serial) was revoked")
        // It dials again, and is turned away.
        await host.clock.sleeper(besides: [.seconds(2), .seconds(30)])
        host.clock.advance(by: .seconds(1))
        await controller.log.said("refused a client: host a1: certificate \(a1.peer.serial) was revoked")
        #expect(await controller.registry.host("a1")?.isConnected == false)
      }
    }
  }

  /// A controller that isn't itself any more fills neither memory nor disk of its hosts.
  @Test func aHostRemembersSoManyRevocations() async throws {
    try await withTrustedController { controller in
      let trust = try controller.trust(controller.credentials(.host, "a1"))
      let kept = KeptRevocations(folder: controller.folder)
      let log = LogLines()
      let host = try TestHost(port: controller.port, trust: trust, revocations: kept, logger: log.logger)
      let most = Revocations.most
      try await host.whileConnecting {
        let numbers = (1...most + 5).map { number in
          SerialNumber(bytes: [16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) })
        }
        await controller.registry.tell(revoked: numbers + [SerialNumber(bytes: Array(repeating: 1, count: 21))])
        await log.said("tells of \(most + 6) revoked certificates, and 6 of them are let in all the same")
        await log.said("\(most) more certificates are revoked")
      }
      #expect(kept.current.entries.count == most)
    }
  }

  @Test func whereHostsJoinNothingElseIsServed() async throws {
    try await withTrustedController { controller in
      let time = controller.time
      let security = HTTP2ClientTransport.Posix.TransportSecurity.joining(
        try controller.hash, at: { time.now }, refused: { _ in })
      let results = try await withGRPCClient(
        transport: .http2NIOPosix(
          target: .ipv4(address: "127.0.0.1", port: controller.joinPort), transportSecurity: security)
      ) { client in
        let calls = Calls(client: client)
        var outcomes: [Calls.Outcome] = []
        for call in [{ await calls.decide(by: "root") }, { await calls.greet(as: "a1") }, calls.renew, calls.join] {
          // Such a connection ends when it is old, which it may be on a slow machine.
          var outcome = await call()
          for _ in 0..<1000 where outcome == .refused(.unavailable) {
            try await Task.sleep(for: .milliseconds(50))
            outcome = await call()
          }
          outcomes.append(outcome)
        }
        return outcomes
      }
      #expect(
        results == [
          .refused(.unimplemented), .refused(.unimplemented), .refused(.unimplemented), .refused(.unauthenticated),
        ])
    }
  }
}

/// Calls of all that a controller serves, and what becomes of them.
private struct Calls {
  let client: GRPCClient<HTTP2ClientTransport.Posix>

  enum Outcome: Hashable {
    /// With the name of the caller, where the call tells it.
    case answered(String)
    case refused(RPCError.Code)
    case other(String)

    init(_ error: any Error) {
      self = (error as? RPCError).map { .refused($0.code) } ?? .other("\(error)")
    }
  }

  func decide(by name: String) async -> Outcome {
    do {
      return .answered(try await ControlAPI.Client(wrapping: client).decide(.with { $0.by = name }).decidedBy)
    } catch {
      return Outcome(error)
    }
  }

  /// - Parameters:
  ///   - toTheEnd: of the stream; else of its first event.
  ///   - onEvent: called with each.
  func follow(
    toTheEnd: Bool = false, onEvent: @Sendable @escaping () throws -> Void = {}
  ) async -> Outcome {
    do {
      return try await ControlAPI.Client(wrapping: client).events(.init()) { answer in
        var name = ""
        for try await event in answer.messages {
          name = event.by
          try onEvent()
          if !toTheEnd { break }
        }
        return .answered(name)
      }
    } catch {
      return Outcome(error)
    }
  }

  func greet(as host: String) async -> Outcome {
    let request = StreamingClientRequest<FromHost> { writer in
      try await writer.write(.with { $0.hello.host = host })
    }
    do {
      return try await ControllerAPI.Client(wrapping: client).connect(request: request) { answer in
        for try await _ in answer.messages {}
        return .answered("")
      }
    } catch {
      return Outcome(error)
    }
  }

  func renew() async -> Outcome {
    do {
      _ = try await Transhumance_V1_Renewal.Client(wrapping: client).renew(.init())
      return .answered("")
    } catch {
      return Outcome(error)
    }
  }

  func join() async -> Outcome {
    do {
      _ = try await Transhumance_V1_Join.Client(wrapping: client).join(.init())
      return .answered("")
    } catch {
      return Outcome(error)
    }
  }
}
