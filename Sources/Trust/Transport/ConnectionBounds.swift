package import GRPCNIOTransportHTTP2
internal import NIOCore
internal import NIOSSL
internal import NIOTLS
internal import Synchronization
internal import X509

/// How many connections a server holds. Of too many the oldest goes: a peer that means well is done with its handshake
/// before so many others have come, and its newest connection is the one that it uses.
package struct ConnectionBounds: Hashable, Sendable {
  /// Handshakes that go on.
  package var handshakes: Int
  /// Of one peer, by the name in its certificate.
  package var ofPeer: Int

  package init(handshakes: Int = 256, ofPeer: Int = 8) { (self.handshakes, self.ofPeer) = (handshakes, ofPeer) }
}

extension PeerTrust {
  /// Bounds the connections of a server, of which a configuration by `serverConfiguration` tells.
  package func bound(
    _ configuration: inout HTTP2ServerTransport.Posix.Config, to bounds: ConnectionBounds = ConnectionBounds()
  ) {
    let (handshakes, peers) = (ConnectionQueues(bounds.handshakes), ConnectionQueues(bounds.ofPeer))
    let refused = refused
    let before = configuration.channelDebuggingCallbacks.onAcceptTCPConnection
    configuration.channelDebuggingCallbacks.onAcceptTCPConnection = { channel in
      let done = before?(channel) ?? channel.eventLoop.makeSucceededVoidFuture()
      return done.flatMapThrowing {
        let pipeline = channel.pipeline.syncOperations
        let tls = try pipeline.handler(type: NIOSSLServerHandler.self)
        // Before whoever judges the handshake, and tells why a connection ends.
        try pipeline.addHandler(ConnectionBound(handshakes, peers, refused: refused), position: .after(tls))
      }
    }
  }
}

/// Connections in the order of their coming, by what they have in common.
private final class ConnectionQueues: Sendable {
  private struct Entry {
    var number: UInt64
    var end: @Sendable () -> Void
  }

  let limit: Int
  private let state = Mutex<(last: UInt64, queues: [String: [Entry]])>((0, [:]))

  init(_ limit: Int) { self.limit = limit }

  /// Ends the oldest where there are too many.
  ///
  /// - Returns: a number to leave by.
  func enter(_ key: String, end: @escaping @Sendable () -> Void) -> UInt64 {
    let (number, oldest) = state.withLock { state -> (UInt64, Entry?) in
      state.last += 1
      var queue = state.queues[key] ?? []
      queue.append(Entry(number: state.last, end: end))
      let oldest = queue.count > limit ? queue.removeFirst() : nil
      state.queues[key] = queue
      return (state.last, oldest)
    }
    oldest?.end()
    return number
  }

  func leave(_ key: String, _ number: UInt64) {
    state.withLock { state in
      state.queues[key]?.removeAll { $0.number == number }
      if state.queues[key]?.isEmpty == true { state.queues[key] = nil }
    }
  }
}

/// One for each connection, between TLS and what judges its handshake.
private final class ConnectionBound: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private struct Excess: Error, CustomStringConvertible {
    var description: String
  }

  private let handshakes: ConnectionQueues
  private let peers: ConnectionQueues
  private let refused: @Sendable (String) -> Void
  private var context: ChannelHandlerContext?
  /// Where it stands in a queue.
  private var place: (queues: ConnectionQueues, key: String, number: UInt64)?

  init(_ handshakes: ConnectionQueues, _ peers: ConnectionQueues, refused: @escaping @Sendable (String) -> Void) {
    (self.handshakes, self.peers, self.refused) = (handshakes, peers, refused)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    enter(handshakes, "") { bound in
      bound.context?.fireErrorCaught(
        Excess(description: "\(bound.handshakes.limit) others have come before its handshake was done"))
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    leave()
    self.context = nil
  }

  func channelInactive(context: ChannelHandlerContext) {
    leave()
    context.fireChannelInactive()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .handshakeCompleted? = event as? TLSUserEvent {
      leave()
      if let peer = Self.peer(of: context) {
        enter(peers, peer) { bound in
          bound.refused("closed a connection of \(peer): it has opened \(bound.peers.limit) newer ones")
          bound.context?.close(promise: nil)
        }
      }
    }
    context.fireUserInboundEventTriggered(event)
  }

  private func enter(
    _ queues: ConnectionQueues, _ key: String, end: @escaping @Sendable (ConnectionBound) -> Void
  ) {
    guard let loop = context?.eventLoop else { return }
    let own = NIOLoopBound(self, eventLoop: loop)
    place = (queues, key, queues.enter(key) { loop.execute { end(own.value) } })
  }

  private func leave() {
    guard let place else { return }
    place.queues.leave(place.key, place.number)
    self.place = nil
  }

  /// Nil where it can't be told; such a one is let through by nobody.
  private static func peer(of context: ChannelHandlerContext) -> String? {
    guard let shown = try? context.pipeline.syncOperations.nioSSL_peerCertificate(), let der = try? shown.toDERBytes(),
      let certificate = try? Certificate(der: der, source: "the peer"), let peer = try? Peer(certificate)
    else { return nil }
    return "\(peer)"
  }
}
