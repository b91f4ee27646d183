internal import GRPCCore
internal import GRPCNIOTransportHTTP2
internal import Model
internal import Synchronization
internal import Trust
internal import Wire

/// The connection to another host's agent: made when needed, remade when lost.
final class PeerConnection: Sendable {
  private typealias Client = GRPCClient<HTTP2ClientTransport.Posix>

  let peer: HostConfiguration.Peer
  private let port: Int
  /// Nil: in clear.
  private let trust: PeerTrust?
  private let met = MetPeer()
  private let current: Mutex<Client>
  /// All that were made, to be run.
  private let clients: AsyncStream<Client>
  private let more: AsyncStream<Client>.Continuation

  /// - Parameter trust: how the peer is known, which has to be the host of that name; nil: whoever answers is believed.
  init(_ peer: HostConfiguration.Peer, port: Int, trust: PeerTrust?) throws {
    (self.peer, self.port, self.trust) = (peer, port, trust)
    let client = try Self.client(to: peer, port: port, trust, met)
    current = Mutex(client)
    (clients, more) = AsyncStream.makeStream(of: Client.self)
    more.yield(client)
  }

  private static func client(
    to peer: HostConfiguration.Peer, port: Int, _ trust: PeerTrust?, _ met: MetPeer
  ) throws -> Client {
    var configuration = HTTP2ClientTransport.Posix.Config.defaults
    // A cut that has healed is to be noticed soon: gRPC's own would wait for up to two minutes.
    configuration.backoff = .init(initial: .milliseconds(200), max: .seconds(2), multiplier: 1.6, jitter: 0.2)
    configuration.connection.maxIdleTime = nil
    configuration.connection.keepalive = .init(time: .seconds(10), timeout: .seconds(5), allowWithoutCalls: true)
    let text = String(describing: peer.address)
    let security = try trust?.clientSecurity(expecting: .host(peer.name)) { met.note($0) }
    return GRPCClient(
      transport: try .http2NIOPosix(
        target: peer.address.family == .v4
          ? .ipv4(address: text, port: port) : .ipv6(address: text, port: port),
        transportSecurity: security ?? .plaintext, config: configuration))
  }

  typealias AgentClient = Transhumance_V1_Peer.Client<HTTP2ClientTransport.Posix>
  var agent: AgentClient { .init(wrapping: client) }
  var `operator`: Transhumance_V1_Operator.Client<HTTP2ClientTransport.Posix> { .init(wrapping: client) }
  private var client: Client { current.withLock { $0 } }

  /// Keeps the connection until cancelled.
  func run() async {
    await withDiscardingTaskGroup { group in
      for await client in clients { group.addTask { await Self.run(client) } }
      group.cancelAll()
    }
  }

  private static func run(_ client: Client) async {
    await withTaskCancellationHandler {
      try? await client.runConnections()
    } onCancel: {
      client.beginGracefulShutdown()
    }
  }

  /// Shows what is to be shown now: calls that go on end over the connection that they began with, others wait for the
  /// next one.
  func redial() {
    guard let next = try? Self.client(to: peer, port: port, trust, met) else { return }
    let former = current.withLock { client in
      defer { client = next }
      return client
    }
    more.yield(next)
    former.beginGracefulShutdown()
  }

  /// Nothing more is said to a host that was revoked, or whose certificate has ended, since it was dialled.
  func redialIfRefused() {
    guard let trust, let peer = met.peer else { return }
    do {
      try trust.require(peer)
    } catch {
      met.forget()
      redial()
    }
  }

  /// How long an answer is waited for; a connection being made counts.
  static func within(_ duration: Duration) -> CallOptions {
    var options = CallOptions.defaults
    options.timeout = duration
    options.waitForReady = false
    return options
  }
}

extension Error {
  /// What a person is told of a call that failed.
  var callReason: String {
    guard let error = self as? RPCError else { return String(describing: self) }
    switch error.code {
    case .unavailable: return "its agent doesn't answer"
    case .deadlineExceeded: return "its agent doesn't answer in time"
    default: return error.message.isEmpty ? "\(error.code)" : error.message
    }
  }
}
