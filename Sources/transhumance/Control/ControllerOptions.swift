import ArgumentParser
import GRPCCore
import GRPCNIOTransportHTTP2
import Wire

/// Which controller to ask, of every command that is about applications and plans.
struct ControllerOptions: ParsableArguments {
  @Option(
    name: .customLong("controller"),
    help: ArgumentHelp("The Unix socket of the controller to ask; that of the context unless given.", valueName: "path"),
    completion: .file())
  var socket: String?

  typealias Client = ControlAPI.Client<HTTP2ClientTransport.Posix>

  /// Connects, runs the body, and says in plain words what keeps the controller from answering.
  func withController<Result: Sendable>(
    _ body: @Sendable @escaping (Client) async throws -> Result
  ) async throws -> Result {
    let socket = try self.socket ?? OperatorContext.controllerSocket()
    try AgentOptions.checkSocket(socket, of: "controller")
    do {
      return try await withGRPCClient(
        transport: .http2NIOPosix(
          target: .unixDomainSocket(path: socket), transportSecurity: .plaintext)
      ) { client in
        try await body(Client(wrapping: client))
      }
    } catch let error as RPCError {
      switch error.code {
      case .unavailable, .cancelled:
        throw CommandFailure(message: "the controller at \(socket) doesn't answer; see its log.")
      case .deadlineExceeded: throw CommandFailure(message: "the controller at \(socket) doesn't answer in time.")
      default: throw CommandFailure(message: error.message)
      }
    }
  }

  func overview() async throws -> OverviewReply {
    try await withController { try await $0.overview(.init(), options: AgentOptions.within(.seconds(10))) }
  }
}
