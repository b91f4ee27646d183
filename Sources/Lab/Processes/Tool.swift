import Foundation
import Subprocess
import SystemPackage

/// Programs of the system that the lab uses.
package enum Tool {
  /// What a program that ended has left.
  package struct Result: Sendable {
    /// Negative: ended by that signal.
    package var code: Int32
    package var output: String
    package var error: String
  }

  /// Where a command is, also where PATH leaves out the administrator's folders.
  package static func find(_ name: String) -> String? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let folders = path.split(separator: ":").map(String.init) + ["/usr/sbin", "/usr/bin", "/sbin", "/bin"]
    return folders.map { $0 + "/" + name }.first { unsafe access($0, X_OK) == 0 }
  }

  /// Runs a command to its end; a cancelled task ends it.
  package static func run(
    _ command: [String], input: String = "", folder: String? = nil
  ) async throws -> Result {
    guard let name = command.first, let path = name.hasPrefix("/") ? name : find(name) else {
      throw LabError("\(command.first ?? "") isn't installed")
    }
    let result = try await Subprocess.run(
      .path(FilePath(path)), arguments: Subprocess.Arguments(Array(command.dropFirst())),
      environment: .inherit.updating(["LC_ALL": "C"]), workingDirectory: folder.map { FilePath($0) },
      input: .string(input), output: .string(limit: 16 << 20), error: .string(limit: 1 << 20))
    try Task.checkCancellation()
    let code: Int32 =
      switch result.terminationStatus {
      case .exited(let code): Int32(code)
      case .signaled(let signal): -Int32(signal)
      }
    return Result(code: code, output: result.standardOutput, error: result.standardError)
  }

  /// The output of a command that must succeed.
  @discardableResult
  package static func output(_ command: [String], input: String = "", folder: String? = nil) async throws -> String {
    let result = try await run(command, input: input, folder: folder)
    guard result.code == 0 else {
      let text = (result.error.isEmpty ? result.output : result.error).trimmingCharacters(in: .whitespacesAndNewlines)
      throw LabError("\(command.prefix(3).joined(separator: " ")) failed (\(result.code)): \(text)")
    }
    return result.output
  }

  /// Becomes another program, given by its path; returns only where that can't be.
  package static func replaceProcess(by command: [String]) throws(LabError) {
    var arguments = unsafe command.map { unsafe strdup($0) } + [nil]
    // Threads of the concurrency runtime block signals, and a program inherits that: Ctrl-C would do nothing.
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe pthread_sigmask(SIG_SETMASK, &none, nil)
    // Ends with a null pointer, as execv wants it.
    unsafe execv(command[0], &arguments)
    throw LabError("\(command[0]) can't be run: \(Errno(rawValue: errno))")
  }
}
