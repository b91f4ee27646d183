import Agent
import Controller
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import Logging
import Model
import Storage
import Synchronization
import Testing
import Traffic
import Trust
import Wire

/// A controller on loopback that lets hosts in by an authority, keeps their reports, and tells whom it turns away.
final class HostileWorld: Sendable {
  let registry = HostRegistry(hosts: ["a1", "b1"], now: { Timestamp(nanoseconds: 5_000_000_000) })
  let authority: AuthorityFolder
  let store: SQLiteStore
  /// Of certificates.
  let now = Timestamp(nanoseconds: 1_800_000_000_000_000_000)
  private let folder: String
  private let said = Mutex<[String]>([])
  private let listening = Mutex(0)

  var port: Int { listening.withLock { $0 } }

  private init(in folder: String) throws {
    self.folder = folder
    authority = AuthorityFolder(path: folder + "/pki")
    // Long ago, so that what it signed can have expired.
    _ = try authority.create(name: "test", at: now.advanced(byNanoseconds: -30 * 86_400_000_000_000))
    store = try SQLiteStore(path: folder + "/controller.sqlite")
  }

  /// - Parameter patience: with a peer that doesn't greet.
  static func with(
    patience: Duration = .seconds(60), _ body: @escaping @Sendable (HostileWorld) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "transhumance-test-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let world = try HostileWorld(in: folder)
    let revocations = world.authority.watchRevocations()
    let trust = try PeerTrust(
      world.credentials(.controller, "c1"), revocations: { revocations.current }, now: { world.now },
      refused: { world.hear($0) })
    let logger = Logger(label: "test") { _ in HeardLog(world: world) }
    // The first example's period goes on, the second's begins soon: neither is merged.
    let collector = Collector(
      store: world.store, clock: MockWallClock(seconds: 40), logger: silent, liveHosts: { _ in [] })
    let server = try HostServer.make(
      address: IPAddress(v4: 0x7f00_0001), port: 0, trust: trust,
      service: HostConnectionService(
        registry: world.registry, intake: collector, logger: logger, trust: trust, patience: patience))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.serveUntilCancelled() }
      group.addTask { try await trust.run() }
      defer { group.cancelAll() }
      let port = try #require(try await server.listeningAddress?.ipv4?.port)
      world.listening.withLock { $0 = port }
      try await body(world)
    }
  }

  // MARK: - What the controller says

  fileprivate func hear(_ line: String) { said.withLock { $0.append(line) } }

  func lines(with words: String) -> [String] { said.withLock { $0.filter { $0.contains(words) } } }

  /// Returns when so many lines have those words; or fails, when the test's time is over.
  func told(_ words: String, times: Int = 1) async {
    while lines(with: words).count < times {
      guard !Task.isCancelled else {
        Issue.record("waited in vain for \"\(words)\": \(said.withLock { $0.suffix(20) })")
        return
      }
      try? await Task.sleep(for: .milliseconds(2))
    }
  }

  // MARK: - Who is who

  func credentials(
    _ role: Identity.Role, _ name: String, at time: Timestamp? = nil, lifetime: Int64 = CertificateOrder.lifetime
  ) throws -> Credentials {
    let key = KeyPair()
    let order = CertificateOrder(try Identity(role, name), lifetime: lifetime, for: key)
    return try Credentials(authority.issue(order, at: time ?? now, by: "test"), key: key)
  }

  /// Runs the body while another host is connected, whose reports are taken before it and after it over one connection.
  func whileAnotherWorks(_ body: @escaping @Sendable () async throws -> Void) async throws {
    let trust = try PeerTrust(credentials(.host, "b1"), now: { self.now }, refused: { _ in })
    let host = try TestHost("b1", port: port, trust: trust, time: 5_000_000_000)
    try await host.whileConnecting {
      for sequence: UInt64 in 1...2 {
        if sequence == 2 { try await body() }
        await host.queue.put(.example(sequence, host: "b1"))
        await host.acknowledged()
      }
    }
    #expect(lines(with: "b1 is connected").count == 1)
    let kept = try await store.reports(of: SensorReport.example(2).period)
    #expect(kept.contains { $0.host == "b1" })
  }

  /// One call by somebody who says what he likes.
  ///
  /// - Parameter credentials: shown to the controller, which is believed to be whatever it says; nil: none.
  func call<Result: Sendable>(
    with credentials: Credentials?, saying messages: [FromHost],
    _ body: @escaping @Sendable (RPCAsyncSequence<ToHost, any Error>) async throws -> Result
  ) async throws -> Result {
    try await withClient(credentials) { client in
      let request = StreamingClientRequest<FromHost> { writer in
        for message in messages { try await writer.write(message) }
        try await Task.sleep(for: .seconds(3600))
      }
      var options = CallOptions.defaults
      options.waitForReady = false
      return try await ControllerAPI.Client(wrapping: client).connect(request: request, options: options) {
        try await body($0.messages)
      }
    }
  }

  func withClient<Result: Sendable>(
    _ credentials: Credentials?,
    _ body: @escaping @Sendable (GRPCClient<HTTP2ClientTransport.Posix>) async throws -> Result
  ) async throws -> Result {
    var tls = HTTP2ClientTransport.Posix.TransportSecurity.TLS.defaults
    tls.serverCertificateVerification = .noVerification
    if let credentials {
      tls.certificateChain = [.bytes(Array(try credentials.chainPEM.utf8), format: .pem)]
      tls.privateKey = .bytes(Array(try credentials.key.pem.utf8), format: .pem)
    }
    var configuration = HTTP2ClientTransport.Posix.Config.defaults
    configuration.http2.targetWindowSize = 65_535
    return try await withGRPCClient(
      transport: .http2NIOPosix(
        target: .ipv4(address: "127.0.0.1", port: port), transportSecurity: .tls(tls), config: configuration)
    ) { try await body($0) }
  }
}

private struct HeardLog: LogHandler {
  let world: HostileWorld
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.info

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) { world.hear("\(event.message)") }
}
