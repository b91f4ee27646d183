import Agent
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import Linux
import Model
import SwiftProtobuf
import Testing
import Trust
import Wire

/// Two real agents with certificates, and others who dial them.
@Suite(.timeLimit(.minutes(3))) struct SecureAgentsTests {
  private typealias Peer = Transhumance_V1_Peer.Client<HTTP2ClientTransport.Posix>

  /// - Parameter silent: other hosts of their federation, which don't run.
  private func withAgents(
    silent: [String] = [],
    _ body: @Sendable @escaping (TwoAgents, AuthorityFolder, _ folder: String) async throws -> Void
  ) async throws {
    try await withFolder { folder in
      let authority = try AuthorityFolder.made(in: folder)
      try await TwoAgents.run(in: folder, authority: authority, silent: silent) { try await body($0, authority, folder) }
    }
  }

  private static func entry(_ vm: String, at host: String, epoch: UInt64) -> Transhumance_V1_FabricEntry {
    .with { ($0.vm, $0.host, $0.epoch) = (vm, host, epoch) }
  }

  /// The code of what a call ends with; nil: it was answered.
  private static func failure<Answer>(
    _ call: (CallOptions) async throws -> Answer
  ) async -> RPCError.Code? {
    var options = CallOptions.defaults
    options.waitForReady = false
    options.timeout = .seconds(60)
    do {
      _ = try await call(options)
      return nil
    } catch {
      return (error as? RPCError)?.code ?? .unknown
    }
  }

  /// Asks anew until the condition holds, a minute at most.
  private static func wait(
    for what: String, sourceLocation: SourceLocation = #_sourceLocation, _ condition: () async throws -> Bool
  ) async throws {
    for _ in 0..<1200 {
      if try await condition() { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    try #require(Bool(false), "waited in vain for \(what)", sourceLocation: sourceLocation)
  }

  @Test func agentsHearEachOther() async throws {
    try await withAgents { agents, _, _ in
      for host in ["a1", "b1"] {
        try await Self.wait(for: "\(host) to hear both") {
          try await agents.list(at: host).hosts.allSatisfy(\.hasReport)
        }
      }
    }
  }

  @Test func whoHasNoCertificateGetsNothing() async throws {
    try await withAgents { agents, authority, folder in
      let theirs = try AuthorityFolder.made(in: folder, name: "theirs")
      // Believes the agent's authority, which doesn't believe its own.
      let stranger = try theirs.credentials(.host, "a1")
      let files = ["crt", "key", "ca"].map { "\(folder)/stranger.\($0)" }
      try stranger.create(certificate: files[0], key: files[1])
      try Data((stranger.rootsPEM + authority.load().certificatesPEM).utf8).write(to: URL(filePath: files[2]))
      let mixed = try PeerTrust(
        Credentials.load(certificate: files[0], key: files[1], authorities: files[2]), now: { .now },
        refused: { _ in })
      for security: HTTP2ClientTransport.Posix.TransportSecurity in [
        .plaintext, .tls { $0.serverCertificateVerification = .noVerification },
        try mixed.clientSecurity(expecting: .host("b1")),
      ] {
        let code = try await agents.withConnection(to: "b1", security) { client in
          await Self.failure { try await Peer(wrapping: client).describe(.init(), options: $0) }
        }
        #expect(code == .unavailable)
        let other = try await agents.withConnection(to: "b1", security) { client in
          await Self.failure { try await OperatorAPI.Client(wrapping: client).list(.init(), options: $0) }
        }
        #expect(other == .unavailable)
      }
    }
  }

  /// c1 has a certificate, and yet says nothing for a1, b1 and their VMs.
  @Test func aHostSpeaksForItselfOnly() async throws {
    try await withAgents(silent: ["c1"]) { agents, authority, _ in
      let c1 = try authority.trust(.host, "c1")
      try await agents.withConnection(to: "b1", c1.clientSecurity(expecting: .host("b1"))) { client in
        let peer = Peer(wrapping: client)
        #expect(await Self.failure { try await peer.describe(.init(), options: $0) } == nil)
        // vm1 is a1's, and vm9 nobody's: neither is for c1 to place.
        for entry in [Self.entry("vm1", at: "b1", epoch: 2), Self.entry("vm9", at: "a1", epoch: 1)] {
          #expect(
            await Self.failure { try await peer.announce(.with { $0.entries = [entry] }, options: $0) }
              == .permissionDenied)
          let answer = try await peer.exchange(.with { $0.entries = [entry] })
          #expect(answer.entries.map(\.vm) == ["vm1"] && answer.entries.map(\.epoch) == [1])
        }
        for (from, holder) in [("a1", "a1"), ("c1", "a1"), ("a1", "c1")] {
          let reservation = Transhumance_V1_Reservation.with {
            ($0.entry, $0.from, $0.dryRun) = (Self.entry("vm1", at: holder, epoch: 1), from, true)
          }
          #expect(await Self.failure { try await peer.reserve(reservation, options: $0) } == .permissionDenied)
        }
        let vm1 = Transhumance_V1_VMReference.with { $0.vm = "vm1" }
        #expect(await Self.failure { try await peer.activate(vm1, options: $0) } == .permissionDenied)
      }
      // What it says of its own is taken.
      try await agents.withConnection(to: "b1", c1.clientSecurity(expecting: .host("b1"))) { client in
        let own = Self.entry("vm3", at: "c1", epoch: 1)
        _ = try await Peer(wrapping: client).announce(.with { $0.entries = [own] })
      }
      let known = try await agents.list(at: "b1").map.entries
      #expect(known.map(\.vm) == ["vm1", "vm3"] && known.map(\.host) == ["a1", "c1"])
      // The authority has made it a host, the federation hasn't.
      let d1 = try authority.trust(.host, "d1")
      try await agents.withConnection(to: "b1", d1.clientSecurity(expecting: .host("b1"))) { client in
        let own = Self.entry("vm4", at: "d1", epoch: 1)
        let refused = await Self.failure {
          try await Peer(wrapping: client).announce(.with { $0.entries = [own] }, options: $0)
        }
        #expect(refused == .permissionDenied)
      }
    }
  }

  /// A flip by the VM's host is taken at once; and as vm1 runs at a1 all the time, a1 takes it back and tells b1.
  @Test func flipsGoFromHostToHost() async throws {
    try await withAgents { agents, authority, _ in
      let (a1, b1) = (try authority.trust(.host, "a1"), try authority.trust(.host, "b1"))
      let flip = Transhumance_V1_FabricMap.with { $0.entries = [Self.entry("vm1", at: "b1", epoch: 2)] }
      try await agents.withConnection(to: "b1", a1.clientSecurity(expecting: .host("b1"))) { client in
        _ = try await Peer(wrapping: client).announce(flip)
        let known = try await Peer(wrapping: client).exchange(.init()).entries
        #expect(known.map(\.host) == ["b1"] && known.map(\.epoch) == [2])
      }
      try await agents.withConnection(to: "a1", b1.clientSecurity(expecting: .host("a1"))) { client in
        _ = try await Peer(wrapping: client).announce(flip)
      }
      try await Self.wait(for: "a1 to tell b1 that it has vm1") {
        let entry = try await agents.list(at: "b1").map.entries.first
        return entry?.host == "a1" && entry?.epoch == 3
      }
    }
  }

  @Test func whoIsRevokedIsRefused() async throws {
    try await withAgents { agents, authority, folder in
      let c1 = try authority.trust(.host, "c1")
      try await agents.withConnection(to: "b1", c1.clientSecurity(expecting: .host("b1"))) { client in
        let peer = Peer(wrapping: client)
        #expect(await Self.failure { try await peer.describe(.init(), options: $0) } == nil)
        // As if the controller had said so.
        try KeptRevocations(folder: folder + "/b1").add([c1.credentials.peer.serial])
        #expect(await Self.failure { try await peer.describe(.init(), options: $0) } == .unauthenticated)
      }
      let code = try await agents.withConnection(to: "b1", c1.clientSecurity(expecting: .host("b1"))) { client in
        await Self.failure { try await Peer(wrapping: client).describe(.init(), options: $0) }
      }
      #expect(code == .unavailable)
      // The connection that a1 has to b1 doesn't outlive b1's certificate.
      let b1 = try authority.records().records.filter { $0.name == "b1" }.map(\.serial)
      try KeptRevocations(folder: folder + "/a1").add(b1)
      try await Self.wait(for: "a1 to let go of b1") {
        try await agents.list(at: "a1").hosts.contains { $0.name == "b1" && !$0.hasReport }
      }
    }
  }

  /// Whatever a1 did with its former certificate it does with the next, which alone counts then.
  @Test func anotherCertificateIsShownAndInstalled() async throws {
    try await withAgents { agents, authority, folder in
      let installed = "\(folder)/a1-pki/qemu/ca-cert.pem"
      try await Self.wait(for: "a1 to install its certificate") { FileManager.default.fileExists(atPath: installed) }
      let former = try authority.records().records.filter { $0.name == "a1" }.map(\.serial)
      try TwoAgents.certify("a1", by: authority, in: folder)
      let serial = try #require(authority.records().records.last { $0.name == "a1" }?.serial)
      try await Self.wait(for: "a1 to install the next one") {
        let shown = try? Credentials.load(
          certificate: "\(folder)/a1-pki/libvirt/clientcert.pem", key: "\(folder)/a1-pki/libvirt/private/clientkey.pem",
          authorities: installed)
        return shown?.peer.serial == serial
      }
      try KeptRevocations(folder: folder + "/b1").add(former)
      for host in ["a1", "b1"] {
        try await Self.wait(for: "\(host) to hear both") {
          try await agents.list(at: host).hosts.allSatisfy(\.hasReport)
        }
      }
    }
  }

  @Test func operatorsAreNamedByTheirCertificates() async throws {
    try await withAgents { agents, authority, _ in
      let hold = Transhumance_V1_HoldRequest.with { ($0.reason, $0.by) = ("a fan", "root") }
      let alice = try authority.trust(.operator, "alice")
      try await agents.withConnection(to: "b1", alice.clientSecurity(expecting: .host("b1"))) { client in
        let agent = OperatorAPI.Client(wrapping: client)
        let list = try await agent.list(.with { $0.local = true })
        #expect(list.hosts.map(\.name) == ["b1"])
        let held = try await agent.hold(hold)
        #expect(held.hold.by == "alice")
        // What is between hosts is not an operator's.
        #expect(
          await Self.failure { try await Peer(wrapping: client).describe(.init(), options: $0) } == .permissionDenied)
      }
      // Hosts pass on requests for moves, and nothing else.
      let c1 = try authority.trust(.host, "c1")
      try await agents.withConnection(to: "b1", c1.clientSecurity(expecting: .host("b1"))) { client in
        let agent = OperatorAPI.Client(wrapping: client)
        #expect(await Self.failure { try await agent.hold(hold, options: $0) } == .permissionDenied)
        #expect(await Self.failure { try await agent.list(.init(), options: $0) } == .permissionDenied)
        let request = MigrateRequest.with { ($0.vm, $0.to, $0.dryRun, $0.by) = ("vm1", "b1", true, "alice") }
        let problems = try await agent.migrate(request) { answer in
          var problems: [String] = []
          for try await progress in answer.messages { problems += progress.preflight.problems }
          return problems
        }
        #expect(problems.contains { $0.hasPrefix("b1 is held by alice") }, "\(problems)")
      }
    }
  }

  /// What agents pass on tells who has passed it on: a host names whom it likes.
  @Test func whoPassesOnIsNamed() async throws {
    try await withMovesAtC1 { agents, authority, _ in
      let (alice, a1) = (try authority.trust(.operator, "alice"), try authority.trust(.host, "a1"))
      for (caller, claimed, told) in [
        (alice, "bob", "alice by host b1"), (a1, "bob", "bob by host a1 by host b1"), (a1, "", "host a1 by host b1"),
      ] {
        try await agents.withConnection(to: "b1", caller.clientSecurity(expecting: .host("b1"))) { client in
          let request = MigrateRequest.with { ($0.vm, $0.to, $0.by) = ("vm3", "b1", claimed) }
          let name = try await OperatorAPI.Client(wrapping: client).migrate(request) { answer in
            for try await progress in answer.messages { return progress.preflight.problems.first }
            return nil
          }
          #expect(name == told)
        }
      }
    }
  }

  /// The move goes on; its operator, who has been revoked, isn't told any more.
  @Test func streamsOfRevokedOperatorsEnd() async throws {
    try await withMovesAtC1 { agents, authority, folder in
      let alice = try authority.trust(.operator, "alice")
      try await agents.withConnection(to: "b1", alice.clientSecurity(expecting: .host("b1"))) { client in
        let request = MigrateRequest.with { ($0.vm, $0.to) = ("vm3", "b1") }
        let code = try await OperatorAPI.Client(wrapping: client).migrate(request) { answer -> RPCError.Code? in
          do {
            for try await _ in answer.messages {
              try KeptRevocations(folder: folder + "/b1").add([alice.credentials.peer.serial])
            }
            return nil
          } catch let error as RPCError {
            return error.code
          }
        }
        #expect(code == .unauthenticated)
      }
    }
  }

  /// c1 is played, has vm3, and moves of it have no end.
  private func withMovesAtC1(
    _ body: @Sendable @escaping (TwoAgents, AuthorityFolder, _ folder: String) async throws -> Void
  ) async throws {
    try await withAgents(silent: ["c1"]) { agents, authority, folder in
      let c1 = try authority.trust(.host, "c1")
      try await agents.playing(c1, EndlessMoves(trust: c1)) {
        try await agents.withConnection(to: "b1", c1.clientSecurity(expecting: .host("b1"))) { client in
          let own = Self.entry("vm3", at: "c1", epoch: 1)
          _ = try await Peer(wrapping: client).announce(.with { $0.entries = [own] })
        }
        // c1 wasn't there when b1 began to dial it.
        let someone = try authority.trust(.operator, "someone")
        try await Self.wait(for: "b1 to reach c1") {
          try await agents.withConnection(to: "b1", someone.clientSecurity(expecting: .host("b1"))) { client in
            let request = MigrateRequest.with { ($0.vm, $0.to) = ("vm3", "b1") }
            let code = await Self.failure { options in
              try await OperatorAPI.Client(wrapping: client).migrate(request, options: options) { answer in
                for try await _ in answer.messages { break }
              }
            }
            return code != .unavailable
          }
        }
        try await body(agents, authority, folder)
      }
    }
  }

  /// From its own certificate, and nothing moves to where nobody listens for TLS.
  @Test func theHypervisorsCertificatesAreInstalled() async throws {
    try await withAgents { agents, _, folder in
      for host in ["a1", "b1"] {
        try await Self.wait(for: "\(host) to install certificates") {
          FileManager.default.fileExists(atPath: "\(folder)/\(host)-pki/qemu/ca-cert.pem")
        }
        let installed = try Credentials.load(
          certificate: "\(folder)/\(host)-pki/libvirt/servercert.pem",
          key: "\(folder)/\(host)-pki/libvirt/private/serverkey.pem",
          authorities: "\(folder)/\(host)-pki/CA/cacert.pem")
        #expect(installed.identity == (try Identity(.host, host)))
      }
      let problems = try await agents.migrate(to: "b1")
      #expect(problems.contains { $0.contains("libvirtd of b1 doesn't listen for TLS (port 16514)") }, "\(problems)")
    }
  }
}

/// Tells who has asked, and goes on until its caller has gone.
private struct EndlessMoves: OperatorAPI.SimpleServiceProtocol {
  let trust: PeerTrust

  func migrate(
    request: MigrateRequest, response: RPCWriter<MigrateProgress>, context: ServerContext
  ) async throws {
    let caller = try trust.peer(of: context).identity
    try await response.write(.with { $0.preflight.problems = ["\(request.by) by \(caller)"] })
    try await Task.sleep(for: .seconds(3600))
  }

  private static let idle = RPCError(code: .unimplemented, message: "not in this test")

  func list(request: Transhumance_V1_ListRequest, context: ServerContext) async throws -> ListReply {
    throw Self.idle
  }

  func cancel(
    request: Transhumance_V1_VMReference, context: ServerContext
  ) async throws -> Transhumance_V1_Acknowledgement { throw Self.idle }

  func hold(
    request: Transhumance_V1_HoldRequest, context: ServerContext
  ) async throws -> Transhumance_V1_HoldReply { throw Self.idle }
}
