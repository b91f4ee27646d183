import Controller
import Foundation
import Model
import Testing
import Trust

/// What a controller does with its authority's folder while it leads.
@Suite(.timeLimit(.minutes(2))) struct ControllerTrustTests {
  private func withFolder(_ body: (String, AuthorityFolder) async throws -> Void) async throws {
    let folder = NSTemporaryDirectory() + "/transhumance-test-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let authority = AuthorityFolder(path: folder + "/pki")
    _ = try authority.create(name: "test", at: Timestamp(seconds: Date.now.timeIntervalSince1970))
    try await body(folder, authority)
  }

  /// In a line, with what is still believed.
  @Test func damageIsLogged() async throws {
    try await withFolder { folder, authority in
      let log = LogLines()
      let trust = try ControllerTrust(
        authority: authority, addresses: [], folder: folder + "/own", logger: log.logger)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await trust.run() }
        defer { group.cancelAll() }
        for (path, words) in [
          (authority.revokedPath, "the 0 certificates that it named, now or before, stay revoked"),
          (authority.apiTokensPath, "no API token is good until it is mended"),
          (authority.joinTokensPath, "no host joins until it is mended"),
        ] {
          try Data("damaged".utf8).write(to: URL(filePath: path))
          await log.said(words)
          try FileManager.default.removeItem(atPath: path)
          await log.said("\(path): nothing is wrong with it any more")
        }
      }
    }
  }

  /// Who is revoked isn't known: it doesn't begin as if nobody were.
  @Test func noListNoController() async throws {
    try await withFolder { folder, authority in
      try FileManager.default.createDirectory(atPath: authority.revokedPath, withIntermediateDirectories: false)
      let told = #expect(throws: TrustError.self) {
        _ = try ControllerTrust(authority: authority, addresses: [], folder: folder + "/own", logger: silent)
      }
      #expect(told?.code == .file && told?.description.hasPrefix(authority.revokedPath) == true)
    }
  }
}
