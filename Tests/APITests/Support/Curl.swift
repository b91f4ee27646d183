import Foundation
import Subprocess
import Testing

/// A program that isn't ours, as a client.
struct Curl {
  var status: Int
  /// Names in small letters.
  var headers: [String: String]
  var body: String
  /// Its own exit code: 0 where it got a whole answer.
  var code: Int32

  /// - Parameters:
  ///   - arguments: besides the URL, with which they end.
  ///   - input: what it reads for `--data-binary @-`.
  static func run(_ arguments: [String], input: String = "") async throws -> Curl {
    let result = try await Subprocess.run(
      .name("curl"), arguments: Arguments(["-sS", "-i", "--max-time", "60"] + arguments), input: .string(input),
      output: .string(limit: 1 << 26), error: .string(limit: 1 << 16))
    guard case .exited(let code) = result.terminationStatus else { throw Failure() }
    return Curl(output: result.standardOutput, code: Int32(code))
  }

  /// - Parameter output: what it has printed, headers first.
  init(output: String, code: Int32) {
    let parts = output.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
    let lines = parts[0].split(separator: "\r\n")
    status = lines.first.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) } ?? 0
    headers = [:]
    for line in lines.dropFirst() {
      let field = line.split(separator: ":", maxSplits: 1)
      if field.count == 2 { headers[field[0].lowercased()] = field[1].trimmingCharacters(in: .whitespaces) }
    }
    body = parts.count > 1 ? String(parts[1]) : ""
    self.code = code
  }

  private struct Failure: Error {}

  var json: [String: Any] {
    get throws {
      try #require(try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any], "\(body)")
    }
  }

  /// Why it was refused.
  var error: String { (try? json["error"] as? String) ?? "no error: \(status) \(body.prefix(200))" }

  /// Values of one key in a list of objects.
  func names(_ list: String, _ key: String = "name") throws -> [String] {
    let objects = try #require(try json[list] as? [[String: Any]], "\(body.prefix(500))")
    return objects.compactMap { $0[key] as? String }
  }
}

/// Clients that keep to no rules, in Python: what `curl` can't do.
enum Rogue {
  /// Sends bytes as they are, and returns what comes until the server ends.
  static func send(_ bytes: [UInt8], to port: Int) async throws -> String {
    let script = """
      import socket, sys
      s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 30)
      try:
        s.sendall(sys.stdin.buffer.read())
        while data := s.recv(65536): sys.stdout.buffer.write(data)
      except (ConnectionResetError, BrokenPipeError): pass
      """
    let result = try await Subprocess.run(
      .name("python3"), arguments: Arguments(["-c", script, String(port)]), input: .array(bytes),
      output: .bytes(limit: 1 << 22), error: .discarded)
    // Else it has waited for half a minute.
    try #require(result.terminationStatus.isSuccess)
    return String(decoding: result.standardOutput, as: UTF8.self)
  }

  /// Sends a request and reads nothing, for as long as the body goes on.
  static func ignoring(
    _ request: String, to port: Int, connections: Int = 1, while body: () async throws -> Void
  ) async throws {
    let script = """
      import socket, sys, time
      sockets = [socket.create_connection(("127.0.0.1", int(sys.argv[1])), 30) for _ in range(int(sys.argv[2]))]
      request = sys.stdin.buffer.read()
      for s in sockets: s.sendall(request)
      time.sleep(100)
      """
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        _ = try? await Subprocess.run(
          .name("python3"), arguments: Arguments(["-c", script, String(port), String(connections)]),
          input: .string(request), output: .discarded, error: .discarded)
      }
      defer { group.cancelAll() }
      try await body()
    }
  }
}
