import GRPCCore
import GRPCNIOTransportHTTP2
import Model
import Synchronization
import Testing
import Trust

/// A service that tells callers who they are.
struct WhoService: RegistrableRPCService {
  let trust: PeerTrust

  static let who = MethodDescriptor(fullyQualifiedService: "test.Who", method: "Who")
  /// Says it, and goes on until the caller has gone.
  static let follow = MethodDescriptor(fullyQualifiedService: "test.Who", method: "Follow")

  func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
    for method in [Self.who, Self.follow] {
      router.registerHandler(forMethod: method, deserializer: Plain(), serializer: Plain()) { _, context in
        let peer = try trust.peer(of: context)
        return StreamingServerResponse { writer in
          try await writer.write(Array(peer.identity.path.utf8))
          if method == Self.follow {
            // Ends when its task is cancelled.
            for await _ in AsyncStream<Void>(unfolding: { try? await Task.sleep(for: .seconds(3600)) }) {
              try Task.checkCancellation()
            }
          }
          return [:]
        }
      }
    }
  }

  struct Plain: MessageSerializer, MessageDeserializer {
    func serialize<Bytes: GRPCContiguousBytes>(_ message: [UInt8]) throws -> Bytes { Bytes(message) }
    func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) throws -> [UInt8] {
      bytes.withUnsafeBytes { Array($0) }
    }
  }
}

/// What a server tells of those it turned away.
final class Refusals: Sendable {
  private let all = Mutex<[String]>([])

  var lines: [String] { all.withLock { $0 } }

  func add(_ line: String) { all.withLock { $0.append(line) } }
}

/// A server of one or another kind on a port of its own.
func withServer<Result: Sendable>(
  _ trust: PeerTrust, roles: Set<Identity.Role> = [.host], gate: PeerGate? = nil, atMost limit: ConnectionLimit? = nil,
  security: (PeerTrust) throws -> HTTP2ServerTransport.Posix.TransportSecurity = { try $0.serverSecurity() },
  _ body: (Int) async throws -> Result
) async throws -> Result {
  let transport = HTTP2ServerTransport.Posix(
    address: .ipv4(host: "127.0.0.1", port: 0), transportSecurity: try security(trust),
    config: trust.serverConfiguration(atMost: limit))
  return try await withGRPCServer(
    transport: transport, services: [WhoService(trust: trust)], interceptors: [gate ?? PeerGate(trust, roles: roles)]
  ) { _ in
    try await body(#require(transport.listeningAddress.ipv4?.port))
  }
}

/// What becomes of a client's question.
enum Answer: Hashable {
  /// Who the server says that it is.
  case peer(String)
  case failed(RPCError.Code)
  case other(String)
}

/// Asks over a connection of its own.
func ask(_ port: Int, _ client: PeerTrust, _ server: ExpectedServer) async -> Answer {
  await ask(port) { try client.clientSecurity(expecting: server) }
}

func ask(
  _ port: Int, _ security: () throws -> HTTP2ClientTransport.Posix.TransportSecurity
) async -> Answer {
  do {
    let transport = try HTTP2ClientTransport.Posix(
      target: .ipv4(address: "127.0.0.1", port: port), transportSecurity: security())
    return .peer(try await withGRPCClient(transport: transport) { try await who($0) })
  } catch {
    return (error as? RPCError).map { .failed($0.code) } ?? .other("\(error)")
  }
}

/// Asks over a connection that is there.
func who(_ client: GRPCClient<HTTP2ClientTransport.Posix>) async throws -> String {
  var options = CallOptions.defaults
  options.waitForReady = false
  options.timeout = .seconds(60)
  return try await client.unary(
    request: ClientRequest(message: []), descriptor: WhoService.who, serializer: WhoService.Plain(),
    deserializer: WhoService.Plain(), options: options
  ) { String(decoding: try $0.message, as: UTF8.self) }
}

extension PeerTrust {
  /// At noon.
  convenience init(
    _ credentials: Credentials, at now: Timestamp = .noon, revocations: WatchedFile<Revocations>? = nil,
    refusals: Refusals = Refusals()
  ) throws {
    try self.init(
      credentials, revocations: { revocations?.current ?? Revocations() }, now: { now }, refused: { refusals.add($0) })
  }
}
