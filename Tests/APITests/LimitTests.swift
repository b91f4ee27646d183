import API
import Foundation
import Model
import Synchronization
import Testing
import Trust

/// Clients that do what they shouldn't: bounded, with a line in the log, and no matter to others.
@Suite struct LimitTests {
  @Test func slowReadersAreWaitedForAndLeft() async throws {
    var limits = APILimits()
    limits.unread = .seconds(1)
    let replies = CountedReplies(limit: 1000)
    try await withAPI(limits: limits) { api in
      api.controller.replies.withLock { $0 = replies }
      let request = "GET /v1/statistics?answer=mean HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
      try await Rogue.ignoring(request, to: api.port) {
        try await api.log.wait(for: "doesn't read what it has asked for")
        // Over a gigabyte in all; what was made fits into the sockets' buffers.
        #expect(replies.made.withLock { $0 } < 100)
        #expect(try await api.get("/v1/plans").status == 200)
      }
    }
  }

  @Test func headersAreBounded() async throws {
    try await withAPI { api in
      let long = String(repeating: "x", count: 40_000)
      let answer = try await api.get("/v1/plans", nil, "-H", "X-Long: \(long)")
      #expect(answer.status == 400)
      #expect(try await api.get("/v1/plans?application=\(long)").status == 400)
      let many = (0..<200).flatMap { ["-H", "X-\($0): 1"] }
      #expect(try await Curl.run(many + ["\(api.url)/v1/plans"]).status == 400)
      let lines = api.log.lines.filter { $0.contains("its header is too long") }
      #expect(lines.count == 3, "\(api.log.lines)")
    }
  }

  @Test func garbageIsNoRequest() async throws {
    var limits = APILimits()
    limits.idle = .seconds(1)
    try await withAPI(limits: limits) { api in
      var generator = SystemRandomNumberGenerator()
      let random = (0..<100_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let texts = [
        "\0\0\0\0", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET / HTTP/1.1\r\nHost 127.0.0.1\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}",
        "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
      ]
      for bytes in texts.map({ Array($0.utf8) }) + [random] {
        let answer = try await Rogue.send(bytes + Array("\r\n\r\n".utf8), to: api.port)
        #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 4"), "\(answer.prefix(200))")
      }
      #expect(api.log.lines.contains { $0.contains("it isn't HTTP") })
      #expect(try await api.get("/v1/plans").status == 200)
    }
  }

  @Test func bodiesEnd() async throws {
    try await withAPI { api in
      let head = "POST /v1/plans/cg-1/approve HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900000000\r\n\r\n"
      _ = try await Rogue.send(Array(head.utf8) + Array(repeating: 0x20, count: 8 << 20), to: api.port)
      try await api.log.wait(for: "what it sends has no end")
      #expect(try await api.get("/v1/plans").status == 200)
    }
  }

  @Test func whoSaysNothingIsLeft() async throws {
    var limits = APILimits()
    limits.idle = .milliseconds(500)
    try await withAPI(limits: limits) { api in
      // The server ends, or the client would wait for half a minute and fail.
      for bytes in ["", "GET /v1/plans HT", "GET /v1/plans HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"] {
        let answer = try await Rogue.send(Array(bytes.utf8), to: api.port)
        #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 "))
      }
    }
  }

  @Test func connectionsOfAnAddressAreBounded() async throws {
    var limits = APILimits()
    limits.connectionsOfAddress = 3
    try await withAPI(limits: limits) { api in
      try await Rogue.ignoring("", to: api.port, connections: 8) {
        try await api.log.wait(for: "its address has too many")
      }
      // They have gone; there is room again.
      for _ in 0..<500 {
        if try await api.get("/v1/plans").status == 200 { return }
        try await Task.sleep(for: .milliseconds(50))
      }
      Issue.record("nobody is let in any more")
    }
  }

  @Test func queriesOfACallerAreBounded() async throws {
    var limits = APILimits()
    limits.queriesOfCaller = 2
    try await withAPI(tokens: true, limits: limits, controller: StandInController(pause: .seconds(86_400))) { api in
      let (greedy, other) = (try api.token(.operate), try api.token(.operate))
      let waiting = Task {
        try await withThrowingTaskGroup(of: Void.self) { group in
          for _ in 0..<2 {
            group.addTask { _ = try await api.get("/v1/statistics?wait=24h", greedy, "--max-time", "50") }
          }
          try await group.waitForAll()
        }
      }
      for _ in 0..<1000 where api.controller.asked.withLock({ $0.queries.count }) < 2 {
        try await Task.sleep(for: .milliseconds(20))
      }
      let refused = try await api.get("/v1/plans", greedy)
      #expect(refused.status == 429 && refused.headers["retry-after"] == "1")
      #expect(try await api.get("/v1/plans", other).status == 200)
      // Whatever it is that they ask for.
      #expect(try await api.get("/v1/health", greedy).status == 429)
      for path in ["/v1/applications/cg/pause", "/v1/plans/cg-1/approve", "/v1/hosts/a1/drain"] {
        #expect(try await api.post(path, greedy).status == 429, "\(path)")
        #expect(try await api.post(path, other).status == 200, "\(path)")
      }
      #expect(try await api.get("/v1/health", other).status == 200)
      #expect(try await api.get("/v1/health").status == 200)
      #expect(api.controller.asked.withLock { $0 }.pauses.count == 1)
      waiting.cancel()
      _ = try? await waiting.value
    }
  }
}
