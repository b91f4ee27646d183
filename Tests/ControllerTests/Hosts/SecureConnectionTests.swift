import Agent
import Controller
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import Logging
import Model
import Synchronization
import Testing
import Trust

/// Hosts that dial a controller which knows them by an authority.
struct SecureConnectionTests {
  private let registry = HostRegistry(hosts: ["a1", "b1"], now: { Timestamp(nanoseconds: 5_000_000_000) })

  @Test func aHostIsKnownByItsCertificate() async throws {
    try await withController { port, world in
      let host = try TestHost(port: port, trust: world.trust("a1"))
      try await host.whileConnecting { await registry.wait(for: "a1") }
    }
  }

  @Test func whoSpeaksForAnotherIsRefused() async throws {
    try await withController { port, world in
      let host = try TestHost("b1", port: port, trust: world.trust("a1"))
      try await host.whileConnecting { await world.said("its certificate is host a1's, and it says that it is b1") }
      #expect(await registry.host("b1")?.isConnected == false)
    }
  }

  @Test func whoSpeaksInClearOrIsOfAnotherAuthorityIsRefused() async throws {
    try await withController { port, world in
      let other = try World(in: world.folder + "/other")
      let stranger = try TestHost(port: port, trust: other.trust("a1", believing: world))
      try await stranger.whileConnecting { await world.said("isn't of an authority that is trusted here") }
      let plain = try TestHost(port: port)
      try await plain.whileConnecting { await world.said("it doesn't speak TLS") }
      #expect(await registry.host("a1")?.isConnected == false)
    }
  }

  @Test func whoIsRevokedIsCutOff() async throws {
    try await withController { port, world in
      let host = try TestHost(port: port, trust: world.trust("a1"))
      try await host.whileConnecting {
        await registry.wait(for: "a1")
        try world.authority.revoke(.holder(Identity(.host, "a1")), reason: "stolen", at: world.now)
        await registry.wait(for: "a1", connected: false)
        await world.said("stolen")
      }
    }
  }

  /// On connecting, and after each change; what was told stays on the host's disk.
  @Test func hostsAreToldWhoIsRevoked() async throws {
    try await withController { port, world in
      let serials = try ["b1", "c1"].map { try world.trust($0).credentials.peer.serial }
      await registry.tell(revoked: serials.prefix(1))
      let folder = world.folder + "/a1"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
      let kept = KeptRevocations(folder: folder)
      let host = try TestHost(port: port, trust: world.trust("a1"), revocations: kept)
      try await host.whileConnecting {
        while !kept.current.contains(serials[0]) { try? await Task.sleep(for: .milliseconds(2)) }
        #expect(!kept.current.contains(serials[1]))
        await registry.tell(revoked: serials)
        while !kept.current.contains(serials[1]) { try? await Task.sleep(for: .milliseconds(2)) }
      }
      #expect(KeptRevocations(folder: folder).current.entries.count == 2)
    }
  }

  /// The controller's own certificate is among them: its host lets go of it, and doesn't come back.
  @Test func aHostLeavesAControllerThatIsRevoked() async throws {
    try await withController { port, world in
      let trust = try PeerTrust(world.trust("a1").credentials, now: { world.now }, refused: { world.refuse($0) })
      let host = try TestHost(port: port, trust: trust)
      try await host.whileConnecting {
        await registry.wait(for: "a1")
        let serials = try world.authority.records().records.filter { $0.role == .controller }.map(\.serial)
        await registry.tell(revoked: serials)
        // Looked at each so often, and dialled again later, by the host's clock.
        while !world.hasSaid("refused a server: controller c1: certificate \(serials[0]) was revoked") {
          host.clock.advance(by: .seconds(2))
          try? await Task.sleep(for: .milliseconds(2))
        }
      }
      #expect(await registry.host("a1")?.isConnected == false)
    }
  }

  /// An authority in a folder, and what a controller that uses it says of those whom it refuses.
  final class World: Sendable {
    let folder: String
    let authority: AuthorityFolder
    let now = Timestamp(nanoseconds: 1_800_000_000_000_000_000)
    private let lines = Mutex<[String]>([])

    init(in folder: String) throws {
      self.folder = folder
      authority = AuthorityFolder(path: folder)
      _ = try authority.create(name: "test", at: now)
    }

    func refuse(_ line: String) { lines.withLock { $0.append(line) } }

    /// Whether a line has those words.
    func hasSaid(_ words: String) -> Bool { lines.withLock { $0.contains { $0.contains(words) } } }

    /// Returns when one has.
    func said(_ words: String) async {
      while !hasSaid(words) { try? await Task.sleep(for: .milliseconds(2)) }
    }

    private func credentials(_ role: Identity.Role, _ name: String) throws -> Credentials {
      let key = KeyPair()
      return try Credentials(authority.issue(CertificateOrder(Identity(role, name), for: key), at: now, by: "test"), key: key)
    }

    func controller() throws -> PeerTrust {
      let revocations = authority.watchRevocations()
      return try PeerTrust(
        credentials(.controller, "c1"), revocations: { revocations.current }, now: { self.now },
        refused: { self.refuse($0) })
    }

    /// - Parameter other: whose controller it trusts though it isn't of the same authority.
    func trust(_ name: String, believing other: World? = nil) throws -> PeerTrust {
      let own = try credentials(.host, name)
      guard let other else { return try PeerTrust(own, now: { self.now }, refused: { _ in }) }
      let files = ["crt", "key", "ca"].map { "\(folder)/\(name).\($0)" }
      try own.create(certificate: files[0], key: files[1])
      try Data((own.rootsPEM + other.credentials(.host, name).rootsPEM).utf8).write(to: URL(filePath: files[2]))
      let mixed = try Credentials.load(certificate: files[0], key: files[1], authorities: files[2])
      return try PeerTrust(mixed, now: { self.now }, refused: { _ in })
    }
  }

  private func withController(_ body: @escaping @Sendable (_ port: Int, World) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "transhumance-test-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let world = try World(in: folder.path)
    let trust = try world.controller()
    var logger = Logger(label: "test") { _ in Sayings(world: world) }
    logger.logLevel = .warning
    let server = try HostServer.make(
      address: IPAddress(v4: 0x7f00_0001), port: 0, trust: trust,
      service: HostConnectionService(registry: registry, intake: TestIntake(), logger: logger, trust: trust))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.serve() }
      group.addTask { try await trust.run() }
      defer { group.cancelAll() }
      let port = try #require(try await server.listeningAddress?.ipv4?.port)
      try await body(port, world)
    }
  }

  /// Has what is logged among what was said.
  private struct Sayings: LogHandler {
    let world: World
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.warning

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { world.refuse("\(event.message)") }
  }
}
