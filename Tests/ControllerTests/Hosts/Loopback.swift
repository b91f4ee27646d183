import Agent
import Controller
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import Logging
import Model
import SwiftProtobuf
import Traffic
import Testing
import Trust
import Wire

let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// A controller's listener on loopback, for as long as the body runs; then it is gone, as with a kill.
///
/// - Parameter port: where it listens, for listeners that come again; else anywhere.
func withListener<Result: Sendable>(
  _ registry: HostRegistry, _ intake: any ReportIntake, at port: LoopbackPort? = nil, patience: Duration = .seconds(60),
  versions: ProtocolVersions = .own, clock: any Clock<Duration> = ContinuousClock(),
  _ body: @Sendable @escaping (_ port: Int) async throws -> Result
) async throws -> Result {
  let service = HostConnectionService(
    registry: registry, intake: intake, logger: silent, patience: patience, versions: versions, clock: clock)
  return try await withListener(service, at: port, body)
}

/// A service for hosts on loopback.
func withListener<Result: Sendable>(
  _ service: any RegistrableRPCService, at port: LoopbackPort? = nil,
  _ body: @Sendable @escaping (_ port: Int) async throws -> Result
) async throws -> Result {
  let port = try port ?? LoopbackPort()
  let listener = try port.listen()
  defer { listener.end() }
  let server = GRPCServer(
    transport: .http2NIOPosix(
      listeningSocketDescriptor: Int(listener.server), transportSecurity: .plaintext,
      config: .defaults { $0.rpc.maxRequestPayloadSize = WireLimits.largestMessage }),
    services: [service])
  return try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { try await server.serveUntilCancelled() }
    defer { group.cancelAll() }
    return try await body(port.number)
  }
}

/// An agent's end.
struct TestHost {
  let queue: ReportQueue
  let clock = ManualClock()
  private let uplink: Uplink
  private let path = NSTemporaryDirectory() + "/uplink-\(UInt64.random(in: 0 ... .max))"

  init(
    _ name: String = "a1", incarnation: UInt64 = 1, port: Int, otherPorts: [Int] = [], trust: PeerTrust? = nil,
    revocations: KeptRevocations? = nil, time: Int64 = 0, versions: ProtocolVersions = .own,
    heard: HeardEpoch = HeardEpoch(), logger: Logger = silent,
    perform: @escaping CommandDesk.Perform = { _, _, _ in "" }
  ) throws {
    queue = ReportQueue(try Spool(try SpoolFolder(path: path + "/reports"), logger: silent))
    let desk = try CommandDesk(path: path + "/commands", logger: silent, heard: heard, perform: perform)
    uplink = Uplink(
      host: name, incarnation: incarnation, periodNanoseconds: 30_000_000_000,
      controllers: (otherPorts + [port]).map { .init(address: IPAddress(v4: 0x7f00_0001), port: $0) }, trust: trust,
      revocations: revocations, reports: queue, commands: desk,
      state: { .with { $0.name = name } }, now: { Timestamp(nanoseconds: time) }, logger: logger, clock: clock,
      versions: versions, heard: heard)
  }

  /// Connects for as long as the body runs.
  func whileConnecting<Result: Sendable>(_ body: @Sendable @escaping () async throws -> Result) async throws -> Result {
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await uplink.run() }
      defer { group.cancelAll() }
      return try await body()
    }
  }

  /// Returns when the controller has acknowledged all.
  func acknowledged() async {
    for await _ in await queue.changes() where await queue.count == 0 { return }
  }
}

extension SensorReport {
  static func example(_ sequence: UInt64, host: String = "a1") -> SensorReport {
    SensorReport(
      host: host, incarnation: 1, sequence: sequence,
      period: Period(start: Timestamp(nanoseconds: 30_000_000_000 * Int64(sequence)), length: 30_000_000_000),
      vms: [SensedVM(name: "vm1")])
  }
}

extension HostRegistry {
  /// Returns when the host is connected, or isn't, as asked.
  func wait(for host: String, connected: Bool = true) async {
    let changes = changes()
    if self.host(host)?.isConnected == connected { return }
    for await _ in changes where self.host(host)?.isConnected == connected { return }
  }
}

/// A host that says what it likes.
func withRawHost<Result: Sendable>(
  port: Int, sending messages: [FromHost], thenEnds: Bool = false,
  _ body: @Sendable @escaping (RPCAsyncSequence<ToHost, any Error>) async throws -> Result
) async throws -> Result {
  try await withGRPCClient(
    transport: .http2NIOPosix(target: .ipv4(address: "127.0.0.1", port: port), transportSecurity: .plaintext)
  ) { client in
    let request = StreamingClientRequest<FromHost> { writer in
      for message in messages { try await writer.write(message) }
      if !thenEnds { try await Task.sleep(for: .seconds(3600)) }
    }
    return try await ControllerAPI.Client(wrapping: client).connect(request: request) { try await body($0.messages) }
  }
}
