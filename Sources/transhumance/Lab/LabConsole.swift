import ArgumentParser
import Foundation
import Lab
import SystemPackage

struct LabConsole: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "console",
    abstract: "Shows what a guest prints, wherever it runs, and goes on showing it.",
    discussion: """
      Ends with Ctrl-C, and when the lab is taken down.

      Examples:
        transhumance lab console vm1
        transhumance lab console vm1 --no-follow

      Exit codes: 0 done, 1 no such guest, 2 usage.
      """)

  @Argument(help: ArgumentHelp("A guest.", valueName: "vm"))
  var guest: String

  @Flag(inversion: .prefixedNo, help: "Go on with what it prints later.")
  var follow = true

  func run() async throws {
    try await reportingLab {
      let path = try Laboratory.ofThisMachine.console(of: guest)
      let file: FileDescriptor
      do { file = try FileDescriptor.open(FilePath(path), .readOnly) } catch {
        throw LabError("\(guest) has printed nothing yet: \(path): \(error)")
      }
      defer { try? file.close() }
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      while true {
        // The buffer lives for the call.
        let count = try unsafe buffer.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
        if count > 0 {
          try StandardOutput.write(bytes: buffer[..<count])
        } else if unsafe !follow || access(path, F_OK) != 0 {
          return
        } else {
          try await Task.sleep(for: .milliseconds(100))
        }
      }
    }
  }
}
