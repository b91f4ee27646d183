package import GRPCCore
internal import GRPCNIOTransportHTTP2
internal import X509

extension PeerTrust {
  /// Who calls, for the handler of a call.
  ///
  /// The handshake has checked the certificate; whether it is revoked or has expired since is looked up now.
  /// - Throws: `untrusted` where there is none; `revoked`, `expired`.
  package func peer(of context: ServerContext) throws(TrustError) -> Peer {
    guard let transport = context.transportSpecific as? HTTP2ServerTransport.Posix.Context,
      let certificate = transport.peerCertificate
    else { throw TrustError(.untrusted, "the caller showed no certificate") }
    let peer = try Peer(certificate)
    try check(peer)
    return peer
  }

  /// Whether somebody who was known at a handshake is trusted still.
  ///
  /// - Throws: `revoked`, `expired`.
  package func check(_ peer: Peer) throws(TrustError) {
    try revoked.check(peer)
    try peer.checkExpiry(at: now())
  }
}

/// Lets only peers of certain roles call a service, and ends streams to them once they aren't trusted any more.
///
/// Handlers ask `PeerTrust.peer(of:)` for the name. Streams end while `PeerTrust.run` runs. A call with a single answer
/// is judged when it begins.
package struct PeerGate: ServerInterceptor {
  private let trust: PeerTrust
  private let roles: @Sendable (ServiceDescriptor) -> Set<Identity.Role>

  /// The same for all services.
  package init(_ trust: PeerTrust, roles: Set<Identity.Role>) {
    self.trust = trust
    self.roles = { _ in roles }
  }

  /// - Parameter services: who may call each; one that isn't named nobody may.
  package init(_ trust: PeerTrust, services: [ServiceDescriptor: Set<Identity.Role>]) {
    self.trust = trust
    roles = { services[$0, default: []] }
  }

  package func intercept<Input: Sendable, Output: Sendable>(
    request: StreamingServerRequest<Input>, context: ServerContext,
    next:
      @concurrent @Sendable (StreamingServerRequest<Input>, ServerContext) async throws -> StreamingServerResponse<
        Output
      >
  ) async throws -> StreamingServerResponse<Output> {
    let peer = try admit(context)
    var response = try await next(request, context)
    if case .success(var contents) = response.accepted {
      let producer = contents.producer
      contents.producer = { writer in try await whileTrusted(peer) { try await producer(writer) } }
      response.accepted = .success(contents)
    }
    return response
  }

  private func admit(_ context: ServerContext) throws(TrustError) -> Peer {
    do throws(TrustError) {
      let peer = try trust.peer(of: context)
      guard roles(context.descriptor.service).contains(peer.identity.role) else {
        throw TrustError(.notAllowed, "\(peer.identity) may not call \(context.descriptor.fullyQualifiedMethod)")
      }
      return peer
    } catch {
      trust.refused("refused a call from \(context.remotePeer): \(error)")
      throw error
    }
  }

  /// Ends the body, which must heed cancellation, with the reason why the peer isn't trusted any more.
  private func whileTrusted(
    _ peer: Peer, _ body: @escaping @Sendable () async throws -> Metadata
  ) async throws -> Metadata {
    // Before the body begins: what is revoked from now on ends it, and what was revoked before is found here.
    let refusals = trust.refusals(of: peer)
    try trust.check(peer)
    return try await withThrowingTaskGroup(of: Metadata?.self) { group in
      group.addTask { try await body() }
      group.addTask {
        for await refusal in refusals {
          trust.refused("ended a call: \(refusal)")
          throw refusal
        }
        return nil
      }
      defer { group.cancelAll() }
      // The second ends without a word only when this call is cancelled: then the first says how.
      while let result = try await group.next() {
        if let result { return result }
      }
      throw CancellationError()
    }
  }
}

extension TrustError: RPCErrorConvertible {
  package var rpcErrorCode: RPCError.Code {
    switch code {
    case .untrusted, .expired, .notYetValid, .revoked, .badToken: .unauthenticated
    case .notAllowed: .permissionDenied
    case .malformed: .invalidArgument
    case .exists: .alreadyExists
    case .missing: .failedPrecondition
    case .file: .unavailable
    }
  }

  package var rpcErrorMessage: String { description }
}
