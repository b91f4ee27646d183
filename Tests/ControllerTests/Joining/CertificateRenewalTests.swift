import Agent
import Controller
import GRPCCore
import GRPCNIOTransportHTTP2
import Model
import Testing
import Trust

/// Certificates that are renewed by a controller, before they end.
@Suite struct CertificateRenewalTests {
  private static let loopback = IPAddress(v4: 0x7f00_0001)

  private func renewal(
    _ controller: TrustedController, _ trust: PeerTrust, clock: ManualClock, ports: [Int]
  ) -> CredentialRenewal {
    let time = controller.time
    return CredentialRenewal(
      trust: trust, folder: controller.hostFolder("a1"),
      controllers: ports.map { .init(address: Self.loopback, port: $0) }, now: { time.now }, clock: clock,
      logger: silent)
  }

  /// A host that has joined, and what it shows.
  private func joined(_ controller: TrustedController) async throws -> PeerTrust {
    _ = try await controller.join("a1", controller.token())
    return try controller.trust(Credentials.load(folder: controller.hostFolder("a1")))
  }

  /// Returns once something is as it should be.
  private func wait(until isSo: () -> Bool) async {
    while !isSo() { try? await Task.sleep(for: .milliseconds(2)) }
  }

  /// The stream goes on; the next connection shows the new certificate.
  @Test func anAgentRenewsBeforeTheEnd() async throws {
    try await withTrustedController { controller in
      let trust = try await joined(controller)
      let first = trust.credentials
      let clock = ManualClock()
      let host = try TestHost(port: controller.port, trust: trust)
      let renewal = renewal(controller, trust, clock: clock, ports: [controller.port])
      try await host.whileConnecting {
        await controller.registry.wait(for: "a1")
        let changes = await controller.registry.changes()
        await withTaskGroup(of: Void.self) { group in
          group.addTask { await renewal.run() }
          defer { group.cancelAll() }
          // Two thirds of 90 days haven't passed.
          controller.time.advance(days: 59)
          clock.advance(by: await clock.sleeper())
          await clock.sleeper()
          #expect(trust.credentials.peer == first.peer)
          controller.time.advance(days: 9)
          clock.advance(by: await clock.sleeper())
          await wait { trust.credentials.peer != first.peer }
        }
        let renewed = trust.credentials
        #expect(renewed.identity == first.identity && renewed.peer.names == first.peer.names)
        #expect(renewed.notAfter == TrustedController.start.advanced(byNanoseconds: (68 + 90) * 86_400_000_000_000))
        #expect(try Credentials.load(folder: controller.hostFolder("a1")).peer == renewed.peer)
        #expect(await controller.registry.host("a1")?.isConnected == true)
        // Nothing has ended the stream until the first certificate does so.
        try controller.authority.revoke(.serial(first.peer.serial), reason: "replaced", at: controller.time.now)
        var said: [HostChange] = []
        for await change in changes {
          if case .reported = change { continue }
          said.append(change)
          if said.count == 2 { break }
          // Beside what goes on while it is connected: the pause before it dials again.
          await host.clock.sleeper(besides: [.seconds(2), .seconds(30)])
          host.clock.advance(by: .seconds(1))
        }
        guard case .disconnected = said[0], case .connected = said[1] else {
          Issue.record("\(said)")
          return
        }
      }
    }
  }

  /// Of two controllers the first is gone; and while none is there, it is tried again until one is.
  @Test func anAgentTriesAgain() async throws {
    try await withTrustedController { controller in
      let trust = try await joined(controller)
      let first = trust.credentials
      controller.time.advance(days: 70)
      let gone = try LoopbackPort()
      let alone = ManualClock()
      await withTaskGroup(of: Void.self) { group in
        let renewal = renewal(controller, trust, clock: alone, ports: [gone.number])
        group.addTask { await renewal.run() }
        defer { group.cancelAll() }
        // After 30 s within a fifth.
        let pause = await alone.sleeper()
        #expect(pause >= .seconds(23) && pause <= .seconds(37))
      }
      #expect(trust.credentials.peer == first.peer)
      await withTaskGroup(of: Void.self) { group in
        let renewal = renewal(controller, trust, clock: ManualClock(), ports: [gone.number, controller.port])
        group.addTask { await renewal.run() }
        defer { group.cancelAll() }
        await wait { trust.credentials.peer != first.peer }
      }
    }
  }

  /// Too late: it waits until somebody has had it join anew.
  @Test func whoseCertificateHasEndedJoinsAnew() async throws {
    try await withTrustedController { controller in
      let trust = try await joined(controller)
      let first = trust.credentials
      controller.time.advance(days: 91)
      let clock = ManualClock()
      let renewal = renewal(controller, trust, clock: clock, ports: [controller.port])
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { await renewal.run() }
        defer { group.cancelAll() }
        #expect(await clock.sleeper() == .seconds(60))
        #expect(trust.credentials.peer == first.peer)
        // The controller's own certificate has ended, too: somebody issues one by hand.
        let key = KeyPair()
        let order = CertificateOrder(first.identity, for: key)
        let anew = try Credentials(controller.authority.issue(order, at: controller.time.now, by: "test"), key: key)
        try anew.save(folder: controller.hostFolder("a1"))
        clock.advance(by: .seconds(60))
        await wait { trust.credentials.peer == anew.peer }
      }
    }
  }

  @Test func credentialsAreAHostsOwn() async throws {
    try await withTrustedController { controller in
      let files = CredentialFiles.folder(controller.hostFolder("a1"))
      let missing = #expect(throws: TrustError.self) { _ = try files.load(for: "a1") }
      #expect(missing?.description.contains("transhumance host join") == true)
      _ = try await joined(controller)
      let found = try files.load(for: "a1")
      #expect(found.identity.path == "host/a1")
      let others = #expect(throws: TrustError.self) { _ = try files.load(for: "b1") }
      #expect(others?.description.hasSuffix("it is host a1's, and this is host b1") == true)
    }
  }

  @Test func whoMayNotRenew() async throws {
    try await withTrustedController { controller in
      let (a1, z9) = (try controller.credentials(.host, "a1"), try controller.credentials(.host, "z9"))
      controller.time.advance(days: 1)
      try await controller.dial(as: a1) { client in
        let renewed = try await a1.renewed(over: client)
        #expect(renewed.notAfter > a1.notAfter)
        // Revoked while its connection is open.
        try controller.authority.revoke(.holder(a1.identity), reason: "stolen", at: controller.time.now)
        let told = await #expect(throws: RPCError.self) { _ = try await a1.renewed(over: client) }
        #expect(told?.code == .unauthenticated && told?.message.contains("stolen") == true)
      }
      try await controller.dial(as: z9) { client in
        let told = await #expect(throws: RPCError.self) { _ = try await z9.renewed(over: client) }
        #expect(told?.code == .permissionDenied && told?.message == "the federation has no host z9")
      }
    }
  }

  @Test func renewalsAreBounded() async throws {
    try await withTrustedController { controller in
      let (alice, bob) = (try controller.credentials(.operator, "alice"), try controller.credentials(.operator, "bob"))
      controller.time.advance(days: 1)
      try await controller.dial(as: alice) { client in
        for _ in 0..<RenewalService.mostAttempts { _ = try await alice.renewed(over: client) }
        let told = await #expect(throws: RPCError.self) { _ = try await alice.renewed(over: client) }
        #expect(told?.code == .resourceExhausted)
      }
      // Others are unaffected.
      try await controller.dial(as: bob) { client in _ = try await bob.renewed(over: client) }
    }
  }

  /// A day's certificate stays one of a day.
  @Test func nobodysTimeGrows() async throws {
    try await withTrustedController { controller in
      let day: Int64 = 86_400_000_000_000
      let alice = try controller.credentials(.operator, "alice", lifetime: 2 * day)
      controller.time.advance(days: 1)
      try await controller.dial(as: alice) { client in
        let renewed = try await alice.renewed(over: client)
        #expect(renewed.identity == alice.identity)
        #expect(renewed.notAfter == TrustedController.start.advanced(byNanoseconds: 3 * day))
      }
    }
  }
}
