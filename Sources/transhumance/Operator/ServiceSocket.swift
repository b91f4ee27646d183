import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import SystemPackage

/// Where a service of ours listens for operators on this machine.
struct ServiceSocket {
  var path: String
  /// `agent` or `controller`, for what is said of it.
  var service: String
  /// Where it tells more, in words.
  var log: String

  typealias Client = GRPCClient<HTTP2ClientTransport.Posix>

  /// Connects for as long as the body runs.
  static func connect<Result: Sendable>(
    to path: String, _ body: @Sendable @escaping (Client) async throws -> Result
  ) async throws -> Result {
    try await withGRPCClient(
      transport: .http2NIOPosix(target: .unixDomainSocket(path: path), transportSecurity: .plaintext)
    ) { try await body($0) }
  }

  /// Connects, runs the body, and says in plain words what keeps the service from answering.
  func ask<Result: Sendable>(_ body: @Sendable @escaping (Client) async throws -> Result) async throws -> Result {
    try check()
    do {
      return try await Self.connect(to: path, body)
    } catch let error as RPCError {
      throw CommandFailure(error, of: "the \(service) at \(path)", silence: "doesn't answer; see \(log).")
    }
  }

  private func check() throws {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else {
      let error = Errno(rawValue: errno)
      switch error {
      case .noSuchFileOrDirectory:
        throw CommandFailure(
          message: "no \(service) at \(path): is it up, and is this its socket? (In a lab: `transhumance lab status`)",
          isOfAbsence: true)
      case .permissionDenied: throw CommandFailure(message: "\(path): \(error): run it with sudo")
      default: throw CommandFailure(message: "\(path): \(error)")
      }
    }
    guard status.st_mode & S_IFMT == S_IFSOCK else { throw CommandFailure(message: "\(path) is no socket") }
  }
}
