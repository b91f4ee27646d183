import Agent
import Controller
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import Logging
import Model
import SwiftProtobuf
import Synchronization
import Testing
import Trust
import Wire

/// A controller with an authority, on loopback: where hosts and operators dial to, and where hosts join. Its clock is
/// set by hand.
struct TrustedController {
  static let start = Timestamp(nanoseconds: 1_800_000_000_000_000_000)

  let folder: String
  let authority: AuthorityFolder
  let registry: HostRegistry
  let time: TestTime
  let log: TestLines
  let port: Int
  let joinPort: Int

  var hash: KeyHash {
    get throws { try authority.load().keyHash }
  }

  /// Credentials with a key of their own, of now.
  func credentials(
    _ role: Identity.Role, _ name: String, lifetime: Int64 = CertificateOrder.lifetime
  ) throws -> Credentials {
    let key = KeyPair()
    let order = CertificateOrder(try Identity(role, name), lifetime: lifetime, for: key)
    return try Credentials(authority.issue(order, at: time.now, by: "test"), key: key)
  }

  func trust(_ credentials: Credentials) throws -> PeerTrust {
    let time = time
    return try PeerTrust(credentials, now: { time.now }, refused: { _ in })
  }

  /// As `transhumance host join` does it.
  ///
  /// - Parameter time: of the host's clock; the controller's unless given.
  func join(
    _ host: String = "a1", _ token: JoinToken, hash: KeyHash? = nil, folder name: String? = nil,
    names: [SubjectName] = [], time: TestTime? = nil
  ) async throws -> HostJoin.Outcome {
    let time = time ?? self.time
    return try await HostJoin(
      controller: DialAddress(.address(IPAddress(v4: 0x7f00_0001)), port: joinPort), token: token,
      authority: hash ?? self.hash, host: Identity(.host, host), names: names, folder: hostFolder(name ?? host),
      now: { time.now }
    ).run()
  }

  func hostFolder(_ host: String) -> String { "\(folder)/\(host)" }

  func token(_ host: String? = nil, uses: Int = 1) throws -> JoinToken {
    try authority.createJoinToken(host: host, uses: uses, by: "test", at: time.now)
  }

  /// A connection of somebody with these credentials.
  func dial<Result: Sendable>(
    as credentials: Credentials,
    _ body: @Sendable @escaping (GRPCClient<HTTP2ClientTransport.Posix>) async throws -> Result
  ) async throws -> Result {
    try await withGRPCClient(
      transport: .http2NIOPosix(
        target: .ipv4(address: "127.0.0.1", port: port),
        transportSecurity: trust(credentials).clientSecurity(expecting: .controller))
    ) { try await body($0) }
  }
}

/// Runs it for as long as the body does.
func withTrustedController(_ body: @escaping @Sendable (TrustedController) async throws -> Void) async throws {
  let url = FileManager.default.temporaryDirectory.appending(path: "transhumance-test-\(UUID().uuidString)")
  defer { try? FileManager.default.removeItem(at: url) }
  let authority = AuthorityFolder(path: url.path + "/pki")
  let (time, log) = (TestTime(TrustedController.start), TestLines())
  _ = try authority.create(name: "test", at: time.now)
  var logger = Logger(label: "test") { _ in log }
  logger.logLevel = .notice
  // Hosts of tests say in their greeting that it is 1970.
  let registry = HostRegistry(hosts: ["a1", "b1"], now: { Timestamp(nanoseconds: 0) })
  let isMember: @Sendable (String) async -> Bool = { await registry.host($0) != nil }
  let key = KeyPair()
  let own = try authority.issue(CertificateOrder(Identity(.controller, "c1"), for: key), at: time.now, by: "test")
  let revocations = authority.watchRevocations()
  let trust = try PeerTrust(
    Credentials(own, key: key), revocations: { revocations.current }, now: { time.now }, refused: { log.add($0) })
  let loopback = IPAddress(v4: 0x7f00_0001)
  let server = try HostServer.make(
    address: loopback, port: 0, trust: trust,
    service: HostConnectionService(registry: registry, intake: TestIntake(), logger: logger, trust: trust),
    renewal: RenewalService(authority: authority, trust: trust, isMember: isMember, logger: logger),
    control: CallerService())
  let joining = try JoinServer.make(
    address: loopback, port: 0, trust: trust,
    service: JoinService(
      authority: authority, isMember: isMember, now: { time.now }, refused: { log.add($0) }, logger: logger))
  try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { try await server.serve() }
    group.addTask { try await joining.serve() }
    group.addTask { try await trust.run() }
    defer { group.cancelAll() }
    let controller = TrustedController(
      folder: url.path, authority: authority, registry: registry, time: time, log: log,
      port: try #require(try await server.listeningAddress?.ipv4?.port),
      joinPort: try #require(try await joining.listeningAddress?.ipv4?.port))
    try await body(controller)
  }
}

/// A time of day that is set by hand.
final class TestTime: Sendable {
  private let time: Mutex<Timestamp>

  init(_ start: Timestamp) { time = Mutex(start) }

  var now: Timestamp { time.withLock { $0 } }

  func advance(days: Int64) {
    time.withLock { $0 = $0.advanced(byNanoseconds: days * 86_400_000_000_000) }
  }
}

/// What was logged, and what was told of those who were refused.
final class TestLines: LogHandler, Sendable {
  private let all = Mutex<[String]>([])

  var lines: [String] { all.withLock { $0 } }

  func add(_ line: String) { all.withLock { $0.append(line) } }

  /// Returns when a line has those words.
  func said(_ words: String) async {
    while !lines.contains(where: { $0.contains(words) }) { try? await Task.sleep(for: .milliseconds(2)) }
  }

  var metadata: Logger.Metadata {
    get { [:] }
    set {}
  }
  var logLevel: Logger.Level {
    get { .notice }
    set {}
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { nil }
    set {}
  }

  func log(event: LogEvent) { add("\(event.message)") }
}

/// Control, which tells callers who they are.
private struct CallerService: ControlAPI.SimpleServiceProtocol {
  func decide(request: Transhumance_V1_PlanDecision, context: ServerContext) async throws -> PlanRecord {
    .with { $0.decidedBy = Caller.name(claimed: request.by) }
  }

  /// Goes on until its caller has gone.
  func events(
    request: Transhumance_V1_EventsRequest, response: RPCWriter<ControllerEvent>, context: ServerContext
  ) async throws {
    try await response.write(.with { $0.by = Caller.name(claimed: "somebody") })
    try await Task.sleep(for: .seconds(3600))
  }

  private static let idle = RPCError(code: .unimplemented, message: "not in this test")

  func query(request: QueryRequest, response: RPCWriter<QueryReply>, context: ServerContext) async throws {
    throw Self.idle
  }

  func periods(
    request: Transhumance_V1_PeriodsRequest, context: ServerContext
  ) async throws -> Transhumance_V1_PeriodsReply { throw Self.idle }

  func apply(
    request: Transhumance_V1_ApplyRequest, response: RPCWriter<Transhumance_V1_ApplyProgress>, context: ServerContext
  ) async throws { throw Self.idle }

  func remove(
    request: Transhumance_V1_ApplicationReference, context: ServerContext
  ) async throws -> Transhumance_V1_Acknowledgement { throw Self.idle }

  func overview(request: Transhumance_V1_OverviewRequest, context: ServerContext) async throws -> OverviewReply {
    throw Self.idle
  }

  func pause(
    request: Transhumance_V1_PauseRequest, context: ServerContext
  ) async throws -> Transhumance_V1_Acknowledgement { throw Self.idle }

  func drain(request: Transhumance_V1_DrainRequest, context: ServerContext) async throws -> Transhumance_V1_DrainReply {
    throw Self.idle
  }
}
