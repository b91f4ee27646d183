import API
import Controller
import Foundation
import Logging
import Model
import ServiceLifecycle
import Synchronization
import Testing
import Trust

/// An API that listens on loopback for as long as a test goes on.
struct RunningAPI {
  let port: Int
  let controller: StandInController
  let log: LogLines
  /// Nil: it asks for no token.
  let authority: AuthorityFolder?

  var url: String { "\(authority == nil ? "http" : "https")://127.0.0.1:\(port)" }

  /// - Parameter token: whole; nil: without one.
  func get(_ path: String, _ token: String? = nil, _ arguments: String...) async throws -> Curl {
    try await Curl.run(options(token) + arguments + ["\(url)\(path)"])
  }

  func post(_ path: String, _ token: String? = nil, body: String? = nil) async throws -> Curl {
    // An empty body has a length all the same.
    try await Curl.run(options(token) + ["-X", "POST", "--data-binary", "@-", "\(url)\(path)"], input: body ?? "")
  }

  private func options(_ token: String?) -> [String] {
    (authority.map { ["--cacert", $0.certificatePath] } ?? [])
      + (token.map { ["-H", "Authorization: Bearer \($0)"] } ?? [])
  }

  /// - Parameter at: when it is made.
  func token(
    _ role: APIGrant.Role, sites: [String] = [], applications: [String] = [], description: String = "",
    at time: Timestamp = .present
  ) throws -> String {
    let authority = try #require(authority)
    return try authority.createAPIToken(
      APIGrant(role, sites: sites, applications: applications), description: description, by: "test", at: time
    ).text
  }
}

extension Timestamp {
  /// By the machine's clock, as certificates and curl go.
  static var present: Timestamp { Timestamp(seconds: Date.now.timeIntervalSince1970.rounded(.down)) }
}

/// - Parameter tokens: over TLS and for those with a token; else in clear, for whoever connects.
func withAPI(
  tokens: Bool = false, limits: APILimits = APILimits(), controller: StandInController = StandInController(),
  _ body: (RunningAPI) async throws -> Void
) async throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: "transhumance-test-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let authority = tokens ? AuthorityFolder(path: folder.path + "/pki") : nil
  let loopback = IPAddress(v4: 0x7f00_0001)
  var trust: PeerTrust?
  if let authority {
    _ = try authority.create(name: "test", at: .present)
    let credentials = try authority.ownCredentials(
      try Identity(.controller, "c1"), names: [.address(loopback)], folder: folder.path + "/own", at: .present)
    trust = try PeerTrust(credentials, now: { .present }, refused: { _ in })
  }
  var configuration = APIConfiguration(address: loopback, port: 0, authority: authority)
  configuration.limits = limits
  let log = LogLines()
  let (ports, listening) = AsyncStream.makeStream(of: Int.self)
  let service = try APIService(
    configuration, controller: controller, trust: trust, logger: log.logger, listens: { listening.yield($0) })
  try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask {
      defer { listening.finish() }
      do { try await service.run() } catch where Task.isCancelled {}
    }
    defer { group.cancelAll() }
    let port = try #require(await ports.first { _ in true }, "\(log.lines)")
    try await body(RunningAPI(port: port, controller: controller, log: log, authority: authority))
  }
}

/// What is logged.
final class LogLines: Sendable {
  private let kept = Mutex<[String]>([])

  var lines: [String] { kept.withLock { $0 } }

  /// Returns when a line has those words, or fails after two minutes.
  func wait(for words: String) async throws {
    for _ in 0..<6000 where !lines.contains(where: { $0.contains(words) }) {
      try await Task.sleep(for: .milliseconds(20))
    }
    try #require(lines.contains { $0.contains(words) }, "waited in vain for \"\(words)\": \(lines)")
  }

  var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

  private struct Handler: LogHandler {
    let log: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      log.kept.withLock { $0.append("\(event.level): \(event.message)") }
    }
  }
}
