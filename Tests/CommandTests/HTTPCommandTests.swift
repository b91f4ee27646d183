import Foundation
import Testing

/// The API of the real executable, asked by curl.
@Suite struct HTTPCommandTests {
  @Test func programsWithATokenAreServed() async throws {
    try await withTemporaryFolder { folder in
      let authority = folder.appending(path: "pki").path
      let made = try await Command.run(["ca", "init", "--cert-dir", authority])
      try #require(made.code == 0, "\(made.error)")
      let token = try await newToken(["--role", "read"], authority)
      let operate = try await newToken(["--role", "operate", "--site", "a", "--description", "night"], authority)
      let state = try ControllerFolder(folder)
      let controller = try RunningCommand(
        Command.executable.path,
        [
          "controller", "--federation", folder.path + "/federation.yaml", "--state", folder.path, "--listen",
          "127.0.0.1:0", "--join-listen", "127.0.0.1:0", "--cert-dir", authority, "--http", "127.0.0.1:0",
        ], in: folder, name: "controller")
      try await controller.wait(for: "serves the API at 127.0.0.1:", in: \.errors)
      try await controller.wait(for: state.socket, in: \.errors)
      let line = try #require(controller.errors.first { $0.contains("serves the API at") })
      let port = try #require(line.firstMatch(of: /serves the API at 127\.0\.0\.1:(\d+)/)).output.1
      let curl = { (path: String, token: String, more: String) in
        try await Command.shell(
          "curl -sS --cacert \(authority)/ca.crt -H 'Authorization: Bearer \(token)' \(more) "
            + "-w '\\n%{http_code}' https://127.0.0.1:\(port)\(path)")
      }
      // What commands tell, and the same.
      for list in ["sites", "applications", "plans", "periods"] {
        let told = try await Command.run(["get", list, "--controller", state.socket, "--format", "json"])
        let served = try await curl("/v1/\(list)", token, "")
        #expect(served.output.hasSuffix("\n200"), "\(list): \(served.output)\(served.error)")
        let document = try JSONSerialization.jsonObject(with: Data(served.output.dropLast(4).utf8)) as? NSDictionary
        #expect(try document == told.json as NSDictionary, "\(list)")
      }
      // Nothing has been counted yet.
      let early = try await curl("/v1/statistics?last=1", token, "")
      #expect(early.output.hasSuffix("\n409") && early.output.contains("\"refused\": true"), "\(early.output)")
      #expect(try await curl("/v1/sites", "abcdef.0123456789abcdef", "").output.hasSuffix("\n401"))
      #expect(try await curl("/v1/hosts/a1/drain", token, "-X POST").output.hasSuffix("\n403"))
      #expect(try await curl("/v1/hosts/b1/drain", operate, "-X POST").output.hasSuffix("\n403"))
      #expect(try await curl("/v1/hosts/a1/drain", operate, "-X POST").output.hasSuffix("\n200"))
      let events = try await curl("/v1/events", token, "").output
      #expect(events.contains("\"by\":\"token \(operate.prefix(6)) (night)\""), "\(events)")
      let log = controller.errors.joined()
      for secret in [token, operate] { #expect(!log.contains(secret.suffix(32))) }
      _ = try await controller.end(by: SIGTERM)
    }
  }

  private func newToken(_ options: [String], _ authority: String) async throws -> String {
    let made = try await Command.run(["token", "create", "--cert-dir", authority] + options)
    try #require(made.code == 0, "\(made.error)")
    return made.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  @Test func inClearOnlyNearby() async throws {
    let usual = ["controller", "--federation", "f.yaml", "--state", "/nonexistent"]
    for options in [["--http", "192.0.2.1"], ["--http", "0.0.0.0:8081"], ["--http", "127.0.0.1", "--no-http"]] {
      let refused = try await Command.run(usual + options)
      #expect(refused.code == 2 && refused.error.contains("--http"), "\(options): \(refused.error)")
    }
  }
}
