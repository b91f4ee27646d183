internal import Model
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes
internal import NIOTLS
internal import Trust

/// One for each connection, between HTTP and the server: closes it where its address has too many already, where it
/// doesn't read what is written or sends without end, and tells in a line of what was no HTTP, or no TLS.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = Any
  typealias OutboundOut = Any

  private let census: Slots
  private let patience: TimeAmount
  private let longest: Int
  private let refused: RefusalLines
  private var slot: Slots.Slot?
  private var isShaking: Bool
  /// What has been said of this connection is said once.
  private var isRefused = false
  /// Bytes of the body of the request that is read.
  private var sent = 0
  /// Writes that the network hasn't taken.
  private var unread = 0
  private var lastRead = NIODeadline.now()
  private var impatience: Scheduled<Void>?

  /// - Parameters:
  ///   - census: of connections, by address.
  ///   - patience: with a reader that takes nothing.
  ///   - longest: bytes of a request's body, beyond which nothing more is read.
  ///   - isSecure: whether TLS comes first.
  init(census: Slots, patience: Duration, longest: Int, isSecure: Bool, refused: RefusalLines) {
    (self.census, self.longest, self.refused, isShaking) = (census, longest, refused, isSecure)
    self.patience = TimeAmount(patience)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    do {
      slot = try census.take(for: context.address)
    } catch {
      let reason = error == .caller ? "its address has too many" : "there are too many"
      // Once whoever sets the connection up has done so.
      context.eventLoop.assumeIsolated().execute {
        self.refuse(context, "refused a connection from \(context.place): \(reason)")
      }
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) { leave() }

  func channelInactive(context: ChannelHandlerContext) {
    leave()
    context.fireChannelInactive()
  }

  private func leave() {
    slot = nil
    impatience?.cancel()
    impatience = nil
  }

  // MARK: - What comes

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head: sent = 0
    case .body(let piece):
      sent += piece.readableBytes
      guard sent <= longest else {
        return refuse(context, "closed a connection from \(context.place): what it sends has no end")
      }
    case .end: break
    }
    context.fireChannelRead(data)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .handshakeCompleted? = event as? TLSUserEvent { isShaking = false }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if isShaking {
      refuse(context, "refused a connection from \(context.place): \(HandshakeProblem.words(error))")
    } else if let error = error as? HTTPParserError, error != .invalidEOFState {
      // It is answered with 400, and closed.
      let reason = error == .headerOverflow ? "its header is too long" : "it isn't HTTP (\(error))"
      tell("refused a request from \(context.place): \(reason)")
    }
    context.fireErrorCaught(error)
  }

  private func refuse(_ context: ChannelHandlerContext, _ text: String) {
    tell(text)
    context.close(promise: nil)
  }

  private func tell(_ text: String) {
    guard !isRefused else { return }
    isRefused = true
    refused.add(text)
  }

  // MARK: - What goes

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    let promise = promise ?? context.eventLoop.makePromise(of: Void.self)
    promise.futureResult.assumeIsolated().whenComplete { _ in
      self.unread -= 1
      self.lastRead = context.eventLoop.now
    }
    if unread == 0 { lastRead = context.eventLoop.now }
    unread += 1
    if impatience == nil { wait(context, patience) }
    context.write(data, promise: promise)
  }

  private func wait(_ context: ChannelHandlerContext, _ time: TimeAmount) {
    impatience = context.eventLoop.assumeIsolated().scheduleTask(in: time) {
      self.impatience = nil
      guard self.unread > 0 else { return }
      let rest = self.lastRead + self.patience - context.eventLoop.now
      guard rest <= .zero else { return self.wait(context, rest) }
      self.refuse(context, "closed a connection from \(context.place): it doesn't read what it has asked for")
    }
  }
}

extension ChannelHandlerContext {
  /// By which connections are counted.
  fileprivate var address: String { IPAddress.holder(of: channel.remoteAddress?.ipAddress ?? "") }

  fileprivate var place: String {
    guard let remote = channel.remoteAddress, let address = remote.ipAddress else { return "an unknown address" }
    return remote.port.map { address.contains(":") ? "[\(address)]:\($0)" : "\(address):\($0)" } ?? address
  }
}
