import Agent
import Foundation
import Glibc
import Logging
import Model
import Testing

/// What an agent does before it runs.
struct HostServiceTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "/host-\(UInt64.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func make(in state: String) throws {
    let lab = LabDescription(
      federation: Federation(sites: [Site(name: "a", hosts: [Model.Host(name: "a1")])]), networks: [], guests: [])
    _ = try HostService(
      configuration: HostConfiguration(lab: lab, hostName: "a1", stateDirectory: state),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  private func permissions(of path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o777 : nil
  }

  @Test func missingFolderIsMade() throws {
    try withFolder { folder in
      let state = folder + "/lib/transhumance"
      try make(in: state)
      #expect(permissions(of: state) == 0o700)
      // One that is there stays as it is.
      #expect(chmod(state, 0o750) == 0)
      try make(in: state)
      #expect(permissions(of: state) == 0o750)
    }
  }

  @Test func whatIsNoSocketStays() throws {
    try withFolder { folder in
      let path = folder + "/agent.sock"
      #expect(FileManager.default.createFile(atPath: path, contents: Data("a letter".utf8)))
      let error = #expect(throws: (any Error).self) { try make(in: folder) }
      #expect(error.map { "\($0)" }?.contains("agent.sock is there already, and is no socket") == true)
      #expect(FileManager.default.contents(atPath: path) == Data("a letter".utf8))
      // Refused before anything was touched.
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(names == ["agent.sock"])
    }
  }
}
