import Foundation
import Subprocess
import Testing

/// The real executable, as an operator runs it; whatever hangs is killed and fails.
struct Program {
  var code: Int
  var output: String
  var error: String

  static func run(_ arguments: [String], configuration: URL, seconds: Int = 60) async throws -> Program {
    let result = try await Subprocess.run(
      .name("timeout"), arguments: Arguments(["-k", "2", "\(seconds)", executable.path] + arguments),
      environment: .inherit.updating(["XDG_CONFIG_HOME": configuration.path]), input: .none,
      output: .string(limit: 1 << 24), error: .string(limit: 1 << 24))
    let code: Int =
      switch result.terminationStatus {
      case .exited(let code): Int(code)
      case .signaled(let signal): -Int(signal)
      }
    return Program(code: code, output: result.standardOutput, error: result.standardError)
  }

  /// The document on standard output.
  func json<Document: Decodable>(_: Document.Type) throws -> Document {
    do {
      return try JSONDecoder().decode(Document.self, from: Data(output.utf8))
    } catch {
      throw Unexpected("\(error): \(output)\(self.error)")
    }
  }

  /// Beside the test bundle that runs.
  static let executable = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appending(path: "transhumance")
}

struct Unexpected: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) {
    self.description = description
  }
}
