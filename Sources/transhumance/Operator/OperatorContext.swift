import ArgumentParser
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import SystemPackage
import Wire

/// Which agent commands talk to: `$XDG_CONFIG_HOME/transhumance/context.json` (or below `~/.config`), written by `lab up`.
struct OperatorContext: Codable {
  /// The agent's Unix socket.
  var socket: String
  /// The controller's; absent: there is none.
  var controller: String?

  static func controllerSocket() throws -> String {
    guard let socket = try load().controller else {
      throw CommandFailure(message: "\(path) names no controller: give --controller.")
    }
    return socket
  }

  static var path: String {
    let environment = ProcessInfo.processInfo.environment
    let base = environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory() + "/.config"
    return base + "/transhumance/context.json"
  }

  static func load() throws -> OperatorContext {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(
        message: "no agent to talk to: \(path) isn't there. `transhumance lab up` writes it, or give --socket.")
    }
    do {
      return try JSONDecoder().decode(OperatorContext.self, from: data)
    } catch {
      throw CommandFailure(
        message: "\(path) is no context of ours: move it away and run `transhumance lab up`, or give --socket.")
    }
  }
}

/// Which agent to ask, of every command of an operator.
struct AgentOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The Unix socket of the agent to ask; that of the context unless given.", valueName: "path"),
    completion: .file())
  var socket: String?

  typealias Client = OperatorAPI.Client<HTTP2ClientTransport.Posix>

  /// Connects, runs the body, and says in plain words what keeps the agent from answering.
  func withAgent<Result: Sendable>(_ body: @Sendable @escaping (Client) async throws -> Result) async throws -> Result {
    let socket = try self.socket ?? OperatorContext.load().socket
    try Self.checkSocket(socket, of: "agent")
    do {
      return try await withGRPCClient(
        transport: .http2NIOPosix(target: .unixDomainSocket(path: socket), transportSecurity: .plaintext)
      ) { client in
        try await body(Client(wrapping: client))
      }
    } catch let error as RPCError {
      switch error.code {
      case .unavailable, .cancelled:
        throw CommandFailure(message: "the agent at \(socket) doesn't answer; see its log beside the socket.")
      case .deadlineExceeded: throw CommandFailure(message: "the agent at \(socket) doesn't answer in time.")
      default: throw CommandFailure(message: error.message)
      }
    }
  }

  static func checkSocket(_ path: String, of service: String) throws {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else {
      let error = Errno(rawValue: errno)
      switch error {
      case .noSuchFileOrDirectory:
        throw CommandFailure(message: "no \(service) at \(path): is it up? (`transhumance lab status`)")
      case .permissionDenied: throw CommandFailure(message: "\(path): \(error): run it with sudo")
      default: throw CommandFailure(message: "\(path): \(error)")
      }
    }
    guard status.st_mode & S_IFMT == S_IFSOCK else { throw CommandFailure(message: "\(path) is no socket") }
  }

  func list() async throws -> ListReply {
    try await withAgent { try await $0.list(.init(), options: Self.within(.seconds(10))) }
  }

  static func within(_ duration: Duration) -> CallOptions {
    var options = CallOptions.defaults
    options.timeout = duration
    options.waitForReady = false
    return options
  }
}
