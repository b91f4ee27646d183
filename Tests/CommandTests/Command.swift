import Foundation
import Subprocess
import SystemPackage
import Testing

/// The real executable, as a user runs it.
struct Command {
  var code: Int32
  var output: String
  var error: String

  /// Runs `transhumance` with these arguments in the repository's root.
  static func run(_ arguments: [String], input: String = "") async throws -> Command {
    try await run(executable.path, arguments, input: input)
  }

  /// Runs a line of `sh` in the repository's root; `$TRANSHUMANCE` is the executable.
  static func shell(_ line: String) async throws -> Command {
    try await run("/bin/sh", ["-c", "TRANSHUMANCE='\(executable.path)'; " + line])
  }

  private static func run(_ path: String, _ arguments: [String], input: String = "") async throws -> Command {
    let result = try await Subprocess.run(
      .path(.init(path)), arguments: Arguments(arguments), workingDirectory: .init(root.path),
      input: .string(input), output: .string(limit: 1 << 26), error: .string(limit: 1 << 24))
    let code: Int32 =
      switch result.terminationStatus {
      case .exited(let code): Int32(code)
      case .signaled(let signal): -Int32(signal)
      }
    return Command(code: code, output: result.standardOutput, error: result.standardError)
  }

  /// The document on standard output.
  var json: [String: Any] {
    get throws {
      try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any], "\(output)\(error)")
    }
  }

  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Beside the test bundle that runs.
  static let executable = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appending(path: "transhumance")
}

/// A folder of its own for a test, removed afterwards.
func withTemporaryFolder<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "transhumance-test-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try await body(folder)
}
