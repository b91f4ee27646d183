import Foundation
import Glibc
import Linux
import Testing

/// A network namespace of a test's own, gone with the test.
enum PrivateNetwork {
  static let isPossible = geteuid() == 0 && access("/dev/net/tun", W_OK) == 0
  /// What can't be is skipped, and told; where CI is set it is tried, and fails.
  static let isTested = isPossible || isCI
  static let isCI = ProcessInfo.processInfo.environment["CI"] != nil

  /// What a run without root says.
  static let demand: Comment = "NOT TESTED: network namespaces and taps take root, and /dev/net/tun"

  /// Runs the closure on a thread of its own in a new network namespace; so do the commands that it runs. It may resume
  /// tasks of an ``OwnThread`` only.
  static func run(_ body: @escaping @Sendable () throws -> Void) async throws {
    guard isPossible else { throw CommandError(text: "\(demand)") }
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      let thread = Thread {
        let result = Result {
          try leave()
          try run("ip link set lo up")
          try body()
        }
        // Back where the process is: a thread that is begun for whoever goes on stays in the namespace of this one.
        let isBack: Void? = try? NetworkNamespace(ofProcess: getpid()).run { continuation.resume(with: result) }
        if isBack == nil { continuation.resume(with: result) }
      }
      thread.start()
    }
  }

  /// unshare(2), which Swift's Glibc leaves out, with CLONE_NEWNET.
  private static func leave() throws {
    let unshare = try #require(dlsym(nil, "unshare"))
    guard unsafeBitCast(unshare, to: (@convention(c) (Int32) -> Int32).self)(0x4000_0000) == 0 else {
      throw CommandError(text: "unshare: error \(errno)")
    }
  }

  /// A line for the shell, in the namespace of the calling thread; returns what it prints. Throws where it fails.
  @discardableResult
  static func run(_ line: String) throws -> String {
    try keepFiles()
    guard let stream = popen("exec 2>&1; " + line, "r") else { throw CommandError(text: "no shell") }
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, stream), count > 0 { output += buffer[..<count] }
    let text = String(decoding: output, as: UTF8.self)
    guard pclose(stream) == 0 else { throw CommandError(text: "\(line): \(text)") }
    return text
  }

  /// Has programs that are started from here on inherit no file of this process, such as NIO's sockets of other tests,
  /// which would be open for as long as they run: close_range(2), with CLOSE_RANGE_CLOEXEC.
  private static func keepFiles() throws {
    let closeRange = try #require(dlsym(nil, "close_range"))
    guard unsafeBitCast(closeRange, to: (@convention(c) (UInt32, UInt32, Int32) -> Int32).self)(3, .max, 4) == 0 else {
      throw CommandError(text: "close_range: error \(errno)")
    }
  }

  /// The list of objects that iproute2 prints with `-j`.
  static func list(_ line: String) throws -> [[String: Any]] {
    let value = try JSONSerialization.jsonObject(with: Data(try run(line).utf8))
    return try #require(value as? [[String: Any]])
  }
}

struct CommandError: Error, CustomStringConvertible {
  var text: String
  var description: String { text }
}
