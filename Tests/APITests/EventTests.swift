import API
import Controller
import Foundation
import Model
import Subprocess
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
      let messages = answer.body.components(separatedBy: "\n\n").filter { $0.contains("data: ") }.dropLast()
      #expect(messages.count == 21)
      for (number, message) in messages.enumerated() { #expect(message.contains("\"text\":\"number \(number)\"")) }
      let lines = try #require(messages.first).split(separator: "\n")
      #expect(lines.contains("id: 2023-11-14T22:13:20Z") && lines.contains("event: plan"))
      // It comes back, to where it was; and somebody else begins now.
      let again = try Follower(api, "/v1/events?follow", "-H", "Last-Event-ID: 2023-11-14T22:13:20Z")
      #expect(try await again.answer(after: "\"number 20\"").body.components(separatedBy: "\ndata: ").count == 23)
      let fresh = try Follower(api, "/v1/events?follow")
      #expect(try await fresh.answer(after: ": transhumance").body.components(separatedBy: "\ndata: ").count == 2)
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
      #expect(body.components(separatedBy: "\ndata: ").count == 7 && !body.contains("lu ") && !body.contains("host "))
    }
  }
}

extension EventTests {
  /// A reader who is behind doesn't get what waits for it any more.
  @Test func whatWaitsIsNotToldToTheRevoked() async throws {
    try await withAPI(tokens: true) { api in
      // Twenty megabytes: more than lies between the two in any case.
      let count = min(20_000, EventLog.capacity)
      for number in 0..<count {
        api.controller.log.add(.plan, "\(number) " + String(repeating: "x", count: 20_000_000 / count))
      }
      let token = try api.token(.read)
      let script = """
        import os, socket, ssl, sys, time
        context = ssl.create_default_context(cafile=sys.argv[2])
        plain = socket.socket()
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
        plain.connect(("127.0.0.1", int(sys.argv[1])))
        s = context.wrap_socket(plain, server_hostname="127.0.0.1")
        request = "GET /v1/events?follow&since=2023-11-14T00:00:00Z HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\n"
        s.sendall((request + "Authorization: Bearer " + sys.stdin.readline().strip() + "\\r\\n\\r\\n").encode())
        text = b""
        while b"event: plan" not in text: text += s.recv(1000)
        # Nothing more is read until the token is good for nothing.
        with open(sys.argv[3], "x"): pass
        while not os.path.exists(sys.argv[4]): time.sleep(0.02)
        try:
          while piece := s.recv(65536): text += piece
        except OSError: pass
        print(text.count(b"event: plan"))
        """
      let folder = try #require(api.authority).path
      let (behind, revoked) = (folder + "/behind", folder + "/revoked-now")
      let reader = Task {
        try await Subprocess.run(
          .name("python3"),
          arguments: Arguments(["-c", script, String(api.port), folder + "/ca.crt", behind, revoked]),
          input: .string(token + "\n"), output: .string(limit: 1000), error: .string(limit: 10_000))
      }
      for _ in 0..<6000 where !FileManager.default.fileExists(atPath: behind) {
        try await Task.sleep(for: .milliseconds(20))
      }
      try api.authority?.revokeAPIToken(String(token.prefix(6)))
      try Data().write(to: URL(filePath: revoked))
      let result = try await reader.value
      let told = Int(result.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines))
      #expect(told.map { $0 > 0 && $0 < count / 2 } == true, "\(result.standardOutput)\(result.standardError)")
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
    // The server has ended it, in good order, and said why.
    let last = "event: end\ndata: {\"error\":\"nobody was given that token, or it was revoked\"}\n\n"
    #expect(code == 0 && text.hasSuffix(last), "\(text.suffix(500))")
    return Curl(output: text, code: code)
  }
}
