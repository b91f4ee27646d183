package import GRPCNIOTransportHTTP2
internal import NIOCore
internal import NIOSSL
internal import NIOTLS

extension HTTP2ServerTransport.Posix.Config {
  /// Turns away what isn't TLS 1.3: gRPC's transport has no setting for it, and allows 1.2.
  ///
  /// - Parameters:
  ///   - limit: of connections that may be open at once; nil: none.
  ///   - refused: told in a line of each connection that ends before its handshake is done.
  package mutating func requireTLS13(
    atMost limit: ConnectionLimit? = nil, refused: @escaping @Sendable (String) -> Void
  ) {
    let open = limit.map(OpenConnections.init)
    channelDebuggingCallbacks.onAcceptTCPConnection = { channel in
      channel.eventLoop.makeCompletedFuture {
        if let reason = open?.enter(channel) {
          let place = channel.remoteAddress.map { "\($0)" } ?? "an unknown address"
          refused("refused a connection from \(place): \(reason)")
          // A failure alone wouldn't.
          channel.close(promise: nil)
          throw TooManyConnections()
        }
        let pipeline = channel.pipeline.syncOperations
        let tls = try pipeline.handler(type: NIOSSLServerHandler.self)
        try pipeline.addHandler(TLSFloor(refused: refused), position: .after(tls))
      }
    }
  }
}

extension PeerTrust {
  /// A server's transport with TLS 1.3 or nothing; to be changed as needed, but for its callback of new connections.
  ///
  /// - Parameter limit: of connections that may be open at once; nil: none.
  package func serverConfiguration(atMost limit: ConnectionLimit? = nil) -> HTTP2ServerTransport.Posix.Config {
    var configuration = HTTP2ServerTransport.Posix.Config.defaults
    configuration.requireTLS13(atMost: limit, refused: refused)
    return configuration
  }
}

/// Between TLS and HTTP/2: lets nothing pass before a handshake of TLS 1.3, and waits for that so long only.
private final class TLSFloor: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private enum State { case shaking, open, refused }
  private var state = State.shaking
  private var impatience: Scheduled<Void>?
  private let refused: @Sendable (String) -> Void

  private static let patience = TimeAmount.seconds(10)

  init(refused: @escaping @Sendable (String) -> Void) {
    self.refused = refused
  }

  func handlerAdded(context: ChannelHandlerContext) {
    impatience = context.eventLoop.assumeIsolated().scheduleTask(in: Self.patience) {
      self.refuse(context, "no handshake within 10 s")
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) { impatience?.cancel() }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard case .handshakeCompleted? = event as? TLSUserEvent, state == .shaking else {
      if state != .refused { context.fireUserInboundEventTriggered(event) }
      return
    }
    let version = try? context.pipeline.syncOperations.nioSSL_tlsVersion()
    guard version == .tlsv13 else {
      return refuse(context, "it speaks \(version.map { "\($0)" } ?? "no TLS"), and TLS 1.3 is needed")
    }
    state = .open
    impatience?.cancel()
    context.fireUserInboundEventTriggered(event)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if state == .open { context.fireChannelRead(data) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    let reason = HandshakeProblem.words(error)
    // Of a certificate that wasn't accepted whoever judged it has told, with the reason.
    if reason.contains("CERTIFICATE_VERIFY_FAILED") { state = .refused }
    if state == .shaking { refuse(context, reason) }
    context.fireErrorCaught(error)
  }

  private func refuse(_ context: ChannelHandlerContext, _ reason: String) {
    guard state == .shaking else { return }
    state = .refused
    impatience?.cancel()
    let place = context.remoteAddress.map { "\($0)" } ?? "an unknown address"
    refused("refused a connection from \(place): \(reason)")
    context.close(promise: nil)
  }
}
