import API
import Controller
import Foundation
import Model
import Testing
import Trust

@Suite struct EventTests {
  @Test func keptOnesComeAsAList() async throws {
    try await withAPI { api in
      for number in 0..<300 { api.controller.log.add(.plan, "\(number) " + String(repeating: "x", count: 1000)) }
      let answer = try await api.get("/v1/events")
      #expect(try answer.names("events", "text").count == 300)
      // They are of 2023-11-14T22:13:20Z.
      #expect(try await api.get("/v1/events?since=2023-11-14T22:13:20Z").names("events", "text").count == 300)
      #expect(try await api.get("/v1/events?since=2023-11-14T22:13:21Z").names("events", "text").isEmpty)
      #expect(try await api.get("/v1/events?since=0s").names("events", "text").isEmpty)
      for query in ["since=noon", "since=-1m", "follow=maybe", "after=1m", "since=1m&since=2m"] {
        #expect(try await api.get("/v1/events?\(query)").status == 400, "\(query)")
      }
    }
  }

  /// As EventSource of a browser reads them.
  @Test func theyAreFollowed() async throws {
    try await withAPI(tokens: true) { api in
      api.controller.log.add(.plan, "number 0", application: "cg")
      let first = try Follower(api, "/v1/events?follow&since=2023-11-14T00:00:00Z")
      try await first.wait(for: "number 0")
      for number in 1...20 { api.controller.log.add(.move, "number \(number)", application: "cg") }
      let answer = try await first.answer(after: "\"text\":\"number 20\"")
      #expect(answer.headers["content-type"] == "text/event-stream")
      let messages = answer.body.components(separatedBy: "\n\n").filter { $0.contains("data: ") }
      #expect(messages.count == 21)
      for (number, message) in messages.enumerated() { #expect(message.contains("\"text\":\"number \(number)\"")) }
      let lines = try #require(messages.first).split(separator: "\n")
      #expect(lines.contains("id: 2023-11-14T22:13:20Z") && lines.contains("event: plan"))
      // It comes back, to where it was; and somebody else begins now.
      let again = try Follower(api, "/v1/events?follow", "-H", "Last-Event-ID: 2023-11-14T22:13:20Z")
      #expect(try await again.answer(after: "\"number 20\"").body.components(separatedBy: "data: ").count == 22)
      let fresh = try Follower(api, "/v1/events?follow")
      #expect(try await fresh.answer(after: ": transhumance").body.components(separatedBy: "data: ").count == 1)
    }
  }

  @Test func followersAreToldOfTheirApplicationsAlone() async throws {
    try await withAPI(tokens: true) { api in
      let follower = try Follower(
        api, "/v1/events?follow&since=2023-11-14T00:00:00Z", grant: APIGrant(.read, applications: ["cg"]))
      for number in 0..<5 {
        api.controller.log.add(.plan, "lu \(number)", application: "lu")
        api.controller.log.add(.host, "host \(number)")
        api.controller.log.add(.plan, "cg \(number)", application: "cg")
      }
      let body = try await follower.answer(after: "\"cg 4\"").body
      #expect(body.components(separatedBy: "data: ").count == 6 && !body.contains("lu ") && !body.contains("host "))
    }
  }
}

/// A client that follows events with a token of its own, until that is revoked.
private struct Follower {
  private let api: RunningAPI
  private let token: String
  private let file: URL
  private let task: Task<Curl, any Error>

  init(_ api: RunningAPI, _ path: String, _ arguments: String..., grant: APIGrant = APIGrant(.read)) throws {
    let authority = try #require(api.authority)
    let token = try api.token(grant.role, sites: grant.sites, applications: grant.applications)
    let file = URL(filePath: authority.path).deletingLastPathComponent().appending(path: "follower-\(token.prefix(6))")
    let options = ["-N", "-o", file.path, "--cacert", authority.certificatePath, "-H", "Authorization: Bearer \(token)"]
    (self.api, self.token, self.file) = (api, token, file)
    task = Task { try await Curl.run(options + arguments + ["\(api.url)\(path)"]) }
  }

  private var text: String { String(decoding: (try? Data(contentsOf: file)) ?? Data(), as: UTF8.self) }

  func wait(for words: String) async throws {
    for _ in 0..<2500 where !text.contains(words) { try await Task.sleep(for: .milliseconds(20)) }
    try #require(text.contains(words), "waited in vain for \(words): \(text)")
  }

  /// All that it was told, once it has been told those words: whoever isn't trusted any more is told no more.
  func answer(after words: String) async throws -> Curl {
    try await wait(for: words)
    try api.authority?.revokeAPIToken(String(token.prefix(6)))
    let code = try await task.value.code
    // The server has ended it, in good order.
    #expect(code == 0)
    return Curl(output: text, code: code)
  }
}
