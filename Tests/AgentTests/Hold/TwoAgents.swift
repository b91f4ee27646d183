import Agent
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import Glibc
import Logging
import Model
import Moves
import SwiftProtobuf
import Testing
import Trust
import Wire

/// Agents of the hosts a1 and b1 in this process, with hypervisors that libvirt plays, and a kernel that isn't touched.
/// vm1 runs at a1.
final class TwoAgents: Sendable {
  private let folder: String
  /// Addresses and sockets are of one run alone: processes that other tests start may hold an earlier one's for a while.
  private let loopback = 0x7f00_0000 | UInt32.random(in: 1...0xfffe) << 8
  private let services: [String: HostService]

  private static let names = ["a1", "b1"]

  /// - Parameters:
  ///   - authority: of their certificates; nil: all is in clear.
  ///   - silent: other hosts of their federation, which don't run.
  ///   - metadata: of vm1, an element of its description.
  private init(in folder: String, _ authority: AuthorityFolder?, silent: [String], metadata: String) throws {
    self.folder = folder
    let domain = "<name>vm1</name>\(metadata)<memory>98304</memory><vcpu>1</vcpu><os><type>hvm</type></os>"
    try Data("<node><domain type='test'>\(domain)</domain></node>".utf8).write(to: URL(filePath: folder + "/a1.xml"))
    try Data("<node></node>".utf8).write(to: URL(filePath: folder + "/b1.xml"))
    var services: [String: HostService] = [:]
    for name in Self.names {
      services[name] = try HostService(
        configuration: Self.configuration(of: name, folder, loopback, authority, silent: silent),
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, kernel: StandInKernel())
    }
    self.services = services
  }

  private static func configuration(
    of name: String, _ folder: String, _ loopback: UInt32, _ authority: AuthorityFolder?, silent: [String]
  ) throws -> HostConfiguration {
    let sites = (names + silent).map { Site(name: String($0.prefix(1)), hosts: [Model.Host(name: $0, vcpus: 4)]) }
    let interface = LabDescription.Interface(
      network: "blue", mac: MACAddress(0x5254_0000_0101), addresses: [IPAddress(v4: 0xc0a8_4d01)])
    let lab = LabDescription(
      federation: Federation(sites: sites),
      networks: [
        VirtualNetwork(
          name: "blue", number: 1, subnet: try #require(IPSubnet(address: IPAddress(v4: 0xc0a8_4d00), length: 24)))
      ],
      guests: [.init(name: "vm1", host: "a1", interfaces: [interface])])
    var configuration = try HostConfiguration(
      lab: lab, hostName: name, stateDirectory: folder + "/" + name, hypervisorURI: "test://\(folder)/\(name).xml")
    let address = { (host: String) in IPAddress(v4: loopback | (host == "a1" ? 1 : host == "b1" ? 2 : 3)) }
    configuration.host.address = address(name)
    configuration.socketPath = socket(of: name, folder, loopback)
    for index in configuration.peers.indices {
      configuration.peers[index].address = address(configuration.peers[index].name)
    }
    if let authority {
      let files = try certify(name, by: authority, in: folder)
      configuration.credentials = CredentialFiles(
        certificate: files.certificate, key: files.key, authority: authority.certificatePath)
      configuration.hypervisorCertificates = "\(folder)/\(name)-pki"
    }
    return configuration
  }

  /// Gives a host a certificate of its own, and its agent another one that runs already.
  @discardableResult
  static func certify(
    _ host: String, by authority: AuthorityFolder, in folder: String
  ) throws -> (certificate: String, key: String) {
    let files = ["crt", "key"].map { "\(folder)/\(host).\($0)" }
    let fresh = files.map { "\($0)-\(UInt64.random(in: 0 ... .max))" }
    try authority.credentials(.host, host).create(certificate: fresh[0], key: fresh[1])
    for (file, fresh) in zip(files, fresh) { try #require(rename(fresh, file) == 0) }
    return (files[0], files[1])
  }

  private static func socket(of name: String, _ folder: String, _ loopback: UInt32) -> String {
    "\(folder)/\(name)-\(loopback >> 8).sock"
  }

  /// Runs both for as long as the body does, which begins when they have read what there is; then they end.
  static func run<Result: Sendable>(
    in folder: String, authority: AuthorityFolder? = nil, silent: [String] = [], metadata: String = "",
    _ body: @Sendable @escaping (TwoAgents) async throws -> Result
  ) async throws -> Result {
    let agents = try TwoAgents(in: folder, authority, silent: silent, metadata: metadata)
    return try await withThrowingTaskGroup(of: Void.self) { group in
      for service in agents.services.values { group.addTask { try await service.run() } }
      defer { group.cancelAll() }
      try await agents.waitUntilReady()
      return try await body(agents)
    }
  }

  /// Until both take up moves and starts, and a1 reaches b1; two minutes at most.
  private func waitUntilReady() async throws {
    var problems: [String] = []
    for _ in 0..<6000 {
      do { problems = try await migrate(to: "b1") } catch let error as RPCError where error.code == .unavailable {
        // Its socket isn't there yet.
        problems = ["\(error) (doesn't answer)"]
      }
      for name in Self.names { problems += try await start("vm9", at: name) }
      if !problems.contains(where: { $0.contains("still reading") || $0.contains("doesn't answer") }) { return }
      try await Task.sleep(for: .milliseconds(20))
    }
    try #require(Bool(false), "the agents aren't ready: \(problems)")
  }

  /// - Returns: what speaks against the start of a VM that runs nowhere.
  func start(_ vm: String, at host: String) async throws -> [String] {
    let devices = "<devices><interface type='network'/></devices>"
    let template = "<domain><name>\(vm)</name><vcpu>1</vcpu><memory>1024</memory>\(devices)</domain>"
    let request = Transhumance_V1_StartRequest.with {
      ($0.vm, $0.definition, $0.dryRun) = (vm, template, true)
      $0.addresses = [Data([192, 168, 77, 9])]
    }
    return await (try #require(services[host])).agent.start(request)
  }

  /// - Returns: what speaks against a move of vm1 to that host.
  func migrate(to host: String, despiteManager: Bool = false) async throws -> [String] {
    let request = MigrateRequest.with {
      ($0.vm, $0.to, $0.dryRun, $0.despiteManager) = ("vm1", host, true, despiteManager)
    }
    return try await withOperator(of: "a1") { client in
      try await client.migrate(request) { answer in
        var problems: [String] = []
        for try await progress in answer.messages { problems += progress.preflight.problems }
        return problems
      }
    }
  }

  func hold(_ host: String, undo: Bool = false, reason: String = "") async throws -> Transhumance_V1_HoldReply {
    let request = Transhumance_V1_HoldRequest.with { ($0.undo, $0.reason, $0.by) = (undo, reason, "root") }
    return try await withOperator(of: host) { try await $0.hold(request) }
  }

  /// What the agent of a host knows of the federation.
  func list(at host: String) async throws -> ListReply {
    try await withOperator(of: host) { try await $0.list(.init()) }
  }

  /// Dials the agent of a host as other hosts' agents do, for as long as the body runs.
  func withConnection<Result: Sendable>(
    to host: String, _ security: HTTP2ClientTransport.Posix.TransportSecurity,
    _ body: @Sendable @escaping (GRPCClient<HTTP2ClientTransport.Posix>) async throws -> Result
  ) async throws -> Result {
    let address = "\(IPAddress(v4: loopback | (host == "a1" ? 1 : 2)))"
    return try await withGRPCClient(
      transport: .http2NIOPosix(target: .ipv4(address: address, port: 8082), transportSecurity: security)
    ) { try await body($0) }
  }

  /// Plays one of the hosts that don't run, for as long as the body does.
  func playing<Result: Sendable>(
    _ trust: PeerTrust, _ service: any RegistrableRPCService, _ body: @Sendable @escaping () async throws -> Result
  ) async throws -> Result {
    let server = GRPCServer(
      transport: .http2NIOPosix(
        address: .ipv4(host: "\(IPAddress(v4: loopback | 3))", port: 8082),
        transportSecurity: try trust.serverSecurity(), config: trust.serverConfiguration()),
      services: [service])
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.serveUntilCancelled() }
      defer { group.cancelAll() }
      _ = try await server.listeningAddress
      return try await body()
    }
  }

  /// As `get hosts` is told of it.
  func report(of host: String) async throws -> HostReport {
    let reply = try await withOperator(of: host) { try await $0.list(.with { $0.local = true }) }
    return try #require(reply.hosts.first).report
  }

  private func withOperator<Result: Sendable>(
    of host: String,
    _ body: @Sendable @escaping (OperatorAPI.Client<HTTP2ClientTransport.Posix>) async throws -> Result
  ) async throws -> Result {
    try await withGRPCClient(
      transport: .http2NIOPosix(
        target: .unixDomainSocket(path: Self.socket(of: host, folder, loopback)), transportSecurity: .plaintext)
    ) { try await body(OperatorAPI.Client(wrapping: $0)) }
  }
}

/// Nothing is there, and whatever is asked for is done.
private struct StandInKernel: FabricKernel {
  func actual() throws -> ActualFabric { ActualFabric() }
  func apply(_ changes: [FabricChange]) throws -> [KernelFabric.Failure] { [] }
  func events() throws -> AsyncStream<Void> { AsyncStream.makeStream(of: Void.self).stream }
}
