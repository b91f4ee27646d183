package import GRPCCore
package import GRPCNIOTransportHTTP2

extension GRPCServer {
  /// Serves until this task is cancelled, and then lets what has begun end within a moment.
  ///
  /// A call that arrives just when the task of its connection is cancelled would end the program: "Deinited NIOAsyncWriter
  /// without calling finish()" (swift-nio, issue 3481). So calls are turned away first.
  ///
  /// - Throws: what `serve` does.
  package func serveUntilCancelled() async throws {
    let serving = Task { try await serve() }
    try await withTaskCancellationHandler {
      try await serving.value
    } onCancel: {
      beginGracefulShutdown()
      Task {
        try await Task.sleep(for: .milliseconds(200))
        serving.cancel()
      }
    }
  }

  /// - Parameter place: an address with a port, or a socket's path.
  /// - Throws: `ListenProblem` where it can't listen there.
  package func serveUntilCancelled(at place: String) async throws {
    do {
      try await serveUntilCancelled()
    } catch let error as RuntimeError {
      throw ListenProblem(error, at: place)
    }
  }
}

extension GRPCServer<HTTP2ServerTransport.Posix> {
  /// Where it listens, once it does; nil where it can't, or where this task is cancelled.
  ///
  /// `listeningAddress` would be waited for without end where a server is ended before it has begun.
  package var addressOnceListening: SocketAddress? {
    get async {
      let (addresses, listening) = AsyncStream.makeStream(of: SocketAddress.self)
      Task {
        if let address = try? await listeningAddress { listening.yield(address) }
        listening.finish()
      }
      for await address in addresses { return address }
      return nil
    }
  }
}
