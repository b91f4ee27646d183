import Foundation
import Linux
import SystemPackage
import Testing

struct UnixSocketTests {
  private func withPath(_ body: (FilePath) throws -> Void) throws {
    // A socket's path has 107 bytes at most.
    let path = "/tmp/th-\(UInt64.random(in: 0 ... .max))"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(FilePath(path))
  }

  private func isThere(_ path: FilePath) -> Bool { FileManager.default.fileExists(atPath: path.string) }

  @Test func whatAnEarlierServerLeftIsRemoved() throws {
    try withPath { path in
      try UnixSocket.claim(path)
      let server = try #require(UnixSocket.listen(at: path))
      try server.close()
      #expect(isThere(path))
      try UnixSocket.claim(path)
      #expect(!isThere(path))
    }
  }

  @Test func whatIsNoSocketStays() throws {
    try withPath { path in
      try Data("a letter".utf8).write(to: URL(filePath: path.string))
      let error = #expect(throws: UnixSocketError.self) { try UnixSocket.claim(path) }
      #expect(error?.description.hasPrefix("\(path) is there already, and is no socket") == true)
      #expect(isThere(path))
    }
  }

  /// Also one that is busy, with as many who wait as its queue holds: eight, and one more (listen(2)).
  @Test(arguments: [0, 9]) func whereSomebodyAnswersItStays(waiting: Int) throws {
    try withPath { path in
      let server = try #require(UnixSocket.listen(at: path))
      defer { try? server.close() }
      let clients = (0..<waiting).map { _ in UnixSocket.connect(to: path, blocking: false) }
      defer { for client in clients { try? client?.close() } }
      let error = #expect(throws: UnixSocketError.self) { try UnixSocket.claim(path) }
      #expect(error?.description.contains("a server that runs") == true)
      #expect(isThere(path))
    }
  }
}
