package import GRPCCore

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
}
