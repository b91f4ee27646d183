import Foundation
import Synchronization

/// A program that carries out the lines that it reads, and ends with its input, however this process ends.
final class LineProcess: Sendable {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  /// What has been read beyond the last line; held while a line is carried out.
  private let rest = Mutex<[UInt8]>([])

  init(_ command: [String]) throws {
    process.executableURL = URL(filePath: command[0])
    process.arguments = Array(command.dropFirst())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = output
    // A program that has ended is an error to be told, not a signal that ends all tests.
    signal(SIGPIPE, SIG_IGN)
    try process.run()
  }

  deinit {
    // It ends with that, by itself: waiting would hold a thread that other tests need.
    try? input.fileHandleForWriting.close()
  }

  var identifier: Int32 { process.processIdentifier }

  /// What it says before its line `= CODE`, and that.
  func run(_ line: String? = nil) throws -> (lines: [String], code: String) {
    try rest.withLock { rest in
      if let line { try input.fileHandleForWriting.write(contentsOf: Data("\(line)\n".utf8)) }
      var lines: [String] = []
      while let next = nextLine(&rest) {
        if next.hasPrefix("= ") { return (lines, String(next.dropFirst(2))) }
        lines.append(next)
      }
      return (lines, "ended")
    }
  }

  /// The next line that begins with a word; nil: it has ended without.
  func line(beginningWith word: String) -> String? {
    rest.withLock { rest in
      while let next = nextLine(&rest) { if next.hasPrefix(word) { return next } }
      return nil
    }
  }

  private func nextLine(_ rest: inout [UInt8]) -> String? {
    while true {
      if let end = rest.firstIndex(of: 10) {
        let line = String(decoding: rest[..<end], as: UTF8.self)
        rest.removeFirst(end + 1)
        return line
      }
      let data = output.fileHandleForReading.availableData
      if data.isEmpty { return nil }
      rest += data
    }
  }
}
