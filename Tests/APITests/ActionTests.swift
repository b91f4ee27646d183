import Model
import Synchronization
import Testing
import Trust
import Wire

@Suite struct ActionTests {
  /// Who is recorded is the token's name, whatever a request says.
  @Test func actionsHaveTheTokensName() async throws {
    try await withAPI(tokens: true) { api in
      let token = try api.token(.operate, description: "night\u{1b}[2J shift")
      // Control characters of a description reach no terminal.
      let name = "token \(token.prefix(6)) (night[2J shift)"
      let paused = try await api.post("/v1/applications/cg/pause", token, body: "{\"reason\": \"noon\"}")
      #expect(paused.status == 200, "\(paused.error)")
      #expect(try paused.json["name"] as? String == "cg")
      #expect(try await api.post("/v1/applications/lu/resume", token).status == 200)
      let approved = try await api.post("/v1/plans/cg-1/approve", token)
      #expect(try approved.json["state"] as? String == "approved")
      #expect(try approved.json["decidedBy"] as? String == name)
      let drained = try await api.post("/v1/hosts/a1/drain", token, body: "{\"dryRun\": true}")
      #expect(try drained.json["dryRun"] as? Bool == true)
      #expect(try drained.json["drained"] == nil)
      #expect(try drained.json["problems"] as? [String] == ["vm9 belongs to no application"])
      #expect(try await api.post("/v1/hosts/a1/undrain", token).json["drained"] as? Bool == false)
      let asked = api.controller.asked.withLock { $0 }
      #expect(asked.pauses.map(\.application) == ["cg", "lu"] && asked.pauses.map(\.resume) == [false, true])
      #expect(asked.pauses.map(\.reason) == ["noon", ""])
      #expect(asked.drains.map(\.undo) == [false, true] && asked.drains.map(\.dryRun) == [true, false])
      let names = asked.pauses.map(\.by) + asked.decisions.map(\.by) + asked.drains.map(\.by)
      #expect(names == Array(repeating: name, count: 5))
    }
  }

  @Test func refusalsKeepTheirWords() async throws {
    try await withAPI(tokens: true) { api in
      let token = try api.token(.operate)
      #expect(try await api.post("/v1/plans/cg-1/reject", token).json["state"] as? String == "rejected")
      let again = try await api.post("/v1/plans/cg-1/approve", token)
      #expect(again.status == 409 && again.error == "plan cg-1 is approved already")
      for path in ["/v1/applications/none/pause", "/v1/plans/none/approve", "/v1/hosts/none/drain"] {
        let answer = try await api.post(path, token)
        #expect(answer.status == 404 && answer.error.contains("\"none\""), "\(path): \(answer.error)")
      }
    }
  }

  /// A word that is misspelt doesn't count for nothing: a drain that was to be tried only would be made.
  @Test func bodiesAreReadStrictly() async throws {
    try await withAPI(tokens: true) { api in
      let token = try api.token(.operate)
      for (path, body) in [
        ("/v1/hosts/a1/drain", "{\"dryrun\": true}"), ("/v1/hosts/a1/drain", "{\"dryRun\": \"yes\"}"),
        ("/v1/hosts/a1/drain", "dryRun=true"), ("/v1/hosts/a1/drain", "[]"), ("/v1/hosts/a1/drain", "{"),
        ("/v1/hosts/a1/drain", "\u{0}\u{1}"), ("/v1/hosts/a1/undrain", "{\"dryRun\": true}"),
        ("/v1/applications/cg/pause", "{\"why\": \"noon\"}"), ("/v1/applications/cg/resume", "{\"reason\": \"\"}"),
        ("/v1/hosts/a1/drain?dryRun=true", ""), ("/v1/plans/cg-1/approve?by=root", ""),
        ("/v1/plans/cg-1/approve", "{\"dryRun\": true}"),
      ] {
        let answer = try await api.post(path, token, body: body)
        #expect(answer.status == 400, "\(path) \(body): \(answer.error)")
      }
      let long = try await api.post(
        "/v1/applications/cg/pause", token, body: "{\"reason\": \"\(String(repeating: "x", count: 20_000))\"}")
      #expect(long.status == 413)
      let asked = api.controller.asked.withLock { $0 }
      #expect(asked.pauses.isEmpty && asked.decisions.isEmpty && asked.drains.isEmpty)
    }
  }

  @Test func onlyPathsOfOursBySomeMethod() async throws {
    try await withAPI(tokens: true) { api in
      let token = try api.token(.operate)
      for path in [
        "/", "/v1", "/v1/", "/v2/plans", "/v1/plans/", "/v1/plans/cg-1/", "/v1/plans/cg-1/approve/", "/v1/plans//approve",
        "/v1/hosts/a1", "/v1/hosts/a1/pause", "//v1/plans", "/v1/%70lans%", "/v1/plans/a/b/c", "/V1/plans",
      ] {
        #expect(try await api.get(path, token, "--path-as-is").status == 404, "\(path)")
      }
      // Percent-encoding is undone.
      #expect(try await api.get("/v1/%70lans", token).status == 200)
      for (path, allowed) in [("/v1/plans", "GET, HEAD"), ("/v1/statistics", "GET"), ("/v1/health", "GET, HEAD")] {
        let answer = try await api.post(path, token)
        #expect(answer.status == 405 && answer.headers["allow"] == allowed, "\(path)")
      }
      let got = try await api.get("/v1/hosts/a1/drain", token)
      #expect(got.status == 405 && got.headers["allow"] == "POST")
      for method in ["PUT", "DELETE", "OPTIONS", "PATCH"] {
        #expect(try await api.get("/v1/plans", token, "-X", method).status == 405, "\(method)")
      }
    }
  }
}
