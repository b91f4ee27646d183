import Agent
import Controller
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import Model
import Storage
import SwiftProtobuf
import Testing
import Traffic
import Wire

/// A controller and its database are lost for good: a new one with an empty database learns all from the hosts.
struct RebuildTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "rebuild-\(UUID().uuidString)").path

  private static let federation = """
    sites:
      - {name: a, kind: grid, hosts: [{name: a1, vcpus: 4}]}
      - {name: b, kind: cloud, hosts: [{name: b1, vcpus: 4}]}
    links: {betweenSites: {latencyMs: 10, bandwidthMbps: 1000}}

    """

  private static func application(_ more: String = "") -> String {
    """
    name: cg
    objective: time
    mode: automatic
    vms:
      - {name: vm1, memoryGiB: 0.1}
      - {name: vm2, memoryGiB: 0.1}
      - {name: vm3, memoryGiB: 0.1}
    \(more)
    """
  }

  @Test func aNewControllerLearnsAllFromTheHosts() async throws {
    try FileManager.default.createDirectory(atPath: folder + "/first", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data(Self.federation.utf8).write(to: URL(filePath: folder + "/federation.yaml"))
    // Six controllers have led before.
    let store = try SQLiteStore(path: folder + "/first/controller.sqlite")
    for _ in 0..<6 { _ = try await store.takeLease(as: "before", for: .seconds(1), above: 0) }
    let ports = [try LoopbackPort(), try LoopbackPort()]
    let numbers = ports.map(\.number)
    // vm1 has moved from b1, whose agent has yet to hear of it.
    let a1 = try LiveHost("a1", vms: ["vm1": 3, "vm2": 1], controllers: numbers, in: folder)
    let b1 = try LiveHost("b1", vms: ["vm1": 2, "vm3": 1], controllers: numbers, in: folder)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for host in [a1, b1] { group.addTask { await host.run() } }
      defer { group.cancelAll() }
      try await withController("first", port: numbers[0]) { client in
        try await Self.waitForHosts(client)
        #expect(try await Self.apply(Self.application(), client).outcome == "created")
        #expect(a1.heard.highest == 7 && b1.heard.highest == 7)
      }
      try await withController("second", port: numbers[1]) { client in try await self.isWhole(client, a1, b1) }
    }
  }

  private func isWhole(_ client: Client, _ a1: LiveHost, _ b1: LiveHost) async throws {
    try await Self.waitForHosts(client)
    // Above what hosts had heard of, so that they follow it.
    #expect(a1.heard.highest == 8 && b1.heard.highest == 8)
    let known = try await client.overview(.init())
    #expect(known.applications.isEmpty)
    let epochs = known.hosts.map { host in host.report.vms.map { "\(host.name) \($0.entry.vm) \($0.entry.epoch)" } }
    #expect(epochs == [["a1 vm1 3", "a1 vm2 1"], ["b1 vm1 2", "b1 vm3 1"]])
    // What sensors have counted meanwhile is kept.
    let period = Period(containing: .today, length: 30_000_000_000)
    await a1.queue.put(SensorReport(host: "a1", incarnation: 9, sequence: 57, period: period))
    await a1.acknowledged()
    // Taken over again, its VMs stay where they run.
    #expect(try await Self.apply(Self.application(), client).outcome == "created")
    let application = try #require(try await client.overview(.init()).applications.first)
    #expect(application.vms == ["vm1", "vm2", "vm3"] && application.hosts == ["a1", "a1", "b1"])
    #expect(a1.commands.isEmpty && b1.commands.isEmpty)
    // And it is obeyed.
    let result = try await Self.apply(
      Self.application("  - {name: vm4, memoryGiB: 0.1, template: vm4.xml}"), client, templates: ["vm4.xml": "<domain/>"])
    #expect(result.outcome == "changed", "\(result.reason)")
    let commands = a1.commands + b1.commands
    #expect(commands.map(\.start.vm) == ["vm4"] && commands.map(\.epoch) == [8] && commands.map(\.by) == ["alice"])
  }

  // MARK: - A controller

  private typealias Client = ControlAPI.Client<HTTP2ClientTransport.Posix>

  /// Runs one for as long as the body runs; then it is gone, and its database with it.
  private func withController(
    _ name: String, port: Int, _ body: @Sendable @escaping (Client) async throws -> Void
  ) async throws {
    var configuration = ControllerConfiguration(
      federationPath: folder + "/federation.yaml", stateDirectory: "\(folder)/\(name)",
      address: IPAddress(v4: 0x7f00_0001), port: port)
    configuration.socketPath = "\(folder)/\(name)/c.sock"
    let service = try ControllerService(configuration: configuration, logger: silent)
    let socket = configuration.socketPath
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await service.run() }
      group.addTask {
        try await withGRPCClient(
          transport: .http2NIOPosix(target: .unixDomainSocket(path: socket), transportSecurity: .plaintext)
        ) { try await body(Client(wrapping: $0)) }
      }
      defer { group.cancelAll() }
      // Of a controller that can't serve this says why.
      try await group.next()
    }
    try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
  }

  /// Returns when both have told their states; two minutes at most.
  private static func waitForHosts(_ client: Client) async throws {
    for _ in 0..<6000 {
      if let overview = try? await client.overview(.init()), overview.hosts.count == 2,
        overview.hosts.allSatisfy({ $0.connected && $0.hasReport })
      {
        return
      }
      try await Task.sleep(for: .milliseconds(20))
    }
    try #require(Bool(false), "the hosts don't connect")
  }

  private static func apply(
    _ document: String, _ client: Client, templates: [String: String] = [:]
  ) async throws -> Transhumance_V1_ApplyResult {
    let request = Transhumance_V1_ApplyRequest.with {
      ($0.file, $0.document, $0.by, $0.templates) = ("cg.yaml", Data(document.utf8), "alice", templates)
    }
    return try await client.apply(request) { answer in
      var result = Transhumance_V1_ApplyResult()
      for try await progress in answer.messages where progress.content != nil { result = progress.result }
      return result
    }
  }
}
