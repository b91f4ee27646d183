import ArgumentParser
import GRPCCore
import GRPCNIOTransportHTTP2
import Wire

/// Which controller to ask, of every command that is about applications and plans.
struct ControllerOptions: ParsableArguments {
  @Option(
    name: .customLong("controller"),
    help: ArgumentHelp(
      "The Unix socket of the controller to ask; that of the context unless given.", valueName: "path"),
    completion: .file())
  var socket: String?

  typealias Client = ControlAPI.Client<HTTP2ClientTransport.Posix>

  /// Connects, runs the body, and says in plain words what keeps the controller from answering.
  func withController<Result: Sendable>(
    _ body: @Sendable @escaping (Client) async throws -> Result
  ) async throws -> Result {
    let socket = try self.socket ?? OperatorContext.controllerSocket()
    return try await ServiceSocket(path: socket, service: "controller", log: "its log").ask {
      try await body(Client(wrapping: $0))
    }
  }

  func overview() async throws -> OverviewReply {
    try await withController { try await $0.overview(.init(), options: AgentOptions.within(.seconds(10))) }
  }
}
