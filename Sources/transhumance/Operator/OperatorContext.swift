import ArgumentParser
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import Lab
import SwiftProtobuf
import SystemPackage
import Wire

/// Which agent commands talk to: `$XDG_CONFIG_HOME/transhumance/context.json` (or below `~/.config`), written by
/// `lab up`.
struct OperatorContext: Codable {
  /// The agent's Unix socket.
  var socket: String
  /// The controller's; absent: there is none.
  var controller: String?

  static func controllerSocket() throws -> String {
    guard let socket = try load(or: "--controller (its socket, or its HOST[:PORT])").controller else {
      throw CommandFailure(message: "\(path) names no controller: give --controller, its socket or its HOST[:PORT].")
    }
    return socket
  }

  static var path: String { LabContext.path }

  /// - Parameter option: which says who is to be asked instead.
  static func load(or option: String) throws -> OperatorContext {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(
        message: "whom to ask isn't known: \(path) isn't there. `transhumance lab up` writes it; else give \(option).")
    }
    do {
      return try JSONDecoder().decode(OperatorContext.self, from: data)
    } catch {
      throw CommandFailure(
        message: "\(path) is no context of ours: move it away and run `transhumance lab up`, or give \(option).")
    }
  }
}

/// Which agent to ask, of every command of an operator.
struct AgentOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The Unix socket of the agent to ask; that which ~/.config/transhumance/context.json names unless given "
        + "(`lab up` writes it).", valueName: "path"),
    completion: .file())
  var socket: String?

  typealias Client = OperatorAPI.Client<HTTP2ClientTransport.Posix>

  /// Connects, runs the body, and says in plain words what keeps the agent from answering.
  func withAgent<Result: Sendable>(_ body: @Sendable @escaping (Client) async throws -> Result) async throws -> Result {
    let socket = try self.socket ?? OperatorContext.load(or: "--socket (an agent's)").socket
    return try await ServiceSocket(path: socket, service: "agent", log: "its log beside the socket").ask {
      try await body(Client(wrapping: $0))
    }
  }

  func list() async throws -> ListReply {
    try await withAgent { try await $0.list(.init(), options: Self.within(.seconds(10))) }
  }

  /// As ``withAgent(_:)``, for what is about one host: asks the agent that was named, else that of this host where it
  /// is one of the lab, else that of the context.
  func withOwnAgent<Result: Sendable>(
    _ body: @Sendable @escaping (Client) async throws -> Result
  ) async throws -> Result {
    var own = self
    own.socket = socket ?? Self.ownSocket
    return try await own.withAgent(body)
  }

  /// What one agent knows by itself: the one that was named, else that of this host where one runs, else that of the
  /// context.
  func listAlone() async throws -> ListReply {
    if socket == nil, let ownSocket = Self.ownSocket {
      var own = self
      own.socket = ownSocket
      // It may be starting anew.
      do { return try await own.listAlone() } catch let failure as CommandFailure where failure.isOfAbsence {}
    }
    return try await withAgent {
      try await $0.list(.with { $0.local = true }, options: Self.within(.seconds(10)))
    }
  }

  /// Of the agent of the lab's host that this process is in; nil: it is in none.
  private static var ownSocket: String? {
    guard let name = try? String(contentsOfFile: "/proc/sys/kernel/hostname", encoding: .utf8) else { return nil }
    let socket = LabFolder.standard.agentSocket(of: name.trimmingCharacters(in: .whitespacesAndNewlines))
    return FileManager.default.fileExists(atPath: socket) ? socket : nil
  }

  static func within(_ duration: Duration) -> CallOptions {
    var options = CallOptions.defaults
    options.timeout = duration
    options.waitForReady = false
    return options
  }
}
