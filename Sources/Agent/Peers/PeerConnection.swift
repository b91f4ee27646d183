internal import GRPCCore
internal import GRPCNIOTransportHTTP2
internal import Model
internal import Wire

/// The connection to another host's agent: made when needed, remade when lost.
final class PeerConnection: Sendable {
  let peer: HostConfiguration.Peer
  private let client: GRPCClient<HTTP2ClientTransport.Posix>

  init(_ peer: HostConfiguration.Peer, port: Int) throws {
    self.peer = peer
    var configuration = HTTP2ClientTransport.Posix.Config.defaults
    // A cut that has healed is to be noticed soon: gRPC's own would wait for up to two minutes.
    configuration.backoff = .init(initial: .milliseconds(200), max: .seconds(2), multiplier: 1.6, jitter: 0.2)
    configuration.connection.maxIdleTime = nil
    configuration.connection.keepalive = .init(time: .seconds(10), timeout: .seconds(5), allowWithoutCalls: true)
    let text = String(describing: peer.address)
    client = GRPCClient(
      transport: try .http2NIOPosix(
        target: peer.address.family == .v4
          ? .ipv4(address: text, port: port) : .ipv6(address: text, port: port),
        transportSecurity: .plaintext, config: configuration))
  }

  typealias AgentClient = Transhumance_V1_Peer.Client<HTTP2ClientTransport.Posix>
  var agent: AgentClient { .init(wrapping: client) }
  var `operator`: Transhumance_V1_Operator.Client<HTTP2ClientTransport.Posix> { .init(wrapping: client) }

  /// Keeps the connection until cancelled.
  func run() async {
    await withTaskCancellationHandler {
      try? await client.runConnections()
    } onCancel: {
      client.beginGracefulShutdown()
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
