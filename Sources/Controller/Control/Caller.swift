package import GRPCCore
package import Trust

/// Who asks for what an operator's call does, as plans and events record it.
package enum Caller {
  /// The operator named by the certificate of the call, or by whoever else has checked it (an API's token); nil: a call
  /// by the Unix socket, where only root is and says itself who it is.
  @TaskLocal package static var current: String?

  /// The name that counts.
  ///
  /// - Parameter claimed: what the request says.
  package static func name(claimed: String) -> String {
    current ?? (claimed.isEmpty ? "an operator" : claimed)
  }
}

/// Has calls made in the name of the certificate that they come with.
///
/// After the gate that decides whether they may be made at all.
package struct CallerNaming: ServerInterceptor {
  private let trust: PeerTrust

  package init(_ trust: PeerTrust) {
    self.trust = trust
  }

  package func intercept<Input: Sendable, Output: Sendable>(
    request: StreamingServerRequest<Input>, context: ServerContext,
    next:
      @concurrent @Sendable (StreamingServerRequest<Input>, ServerContext) async throws -> StreamingServerResponse<
        Output
      >
  ) async throws -> StreamingServerResponse<Output> {
    let name = try trust.peer(of: context).identity.name
    var response = try await Caller.$current.withValue(name) { try await next(request, context) }
    // Streams are written after the handler has returned.
    if case .success(var contents) = response.accepted {
      let producer = contents.producer
      contents.producer = { writer in
        try await Caller.$current.withValue(name) { try await producer(writer) }
      }
      response.accepted = .success(contents)
    }
    return response
  }
}
