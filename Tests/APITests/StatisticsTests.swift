import API
import Foundation
import Model
import Synchronization
import Testing
import Wire

@Suite struct StatisticsTests {
  @Test func parametersAreThoseOfTheCommand() async throws {
    try await withAPI { api in
      let query = "last=2&wait=5s&approximate&answer=weighted&weights=1,2&application=cg&vm=vm1&by=site"
      #expect(try await api.get("/v1/statistics?\(query)").status == 200)
      let request = try #require(api.controller.asked.withLock { $0.queries.last })
      #expect(request.last == 2 && request.waitSeconds == 5 && request.approximate)
      #expect(request.answer == .weighted && request.weights == [1, 2] && request.endpoints == .bySite)
      #expect(request.application == "cg" && request.vms == ["vm1"])
      // A space as forms write it, and as others do; a plus that is meant.
      _ = try await api.get("/v1/statistics?vm=a+b&vm=c%20d&vm=e%2Bf")
      #expect(api.controller.asked.withLock { $0.queries.last?.vms } == ["a b", "c d", "e+f"])
      for query in [
        "last=0", "last=ten", "last=1&last=2", "lst=1", "start=noon", "end=2026-11-24T12:00:00Z", "wait=-1", "wait=2d",
        "coefficient=0", "coefficient=inf", "weights=", "weights=0", "answer=best", "by=moon", "format=html", "vm=",
        "approximate=maybe", "vm=%ff", "%zz=1", "=1", "last=2&weights=1",
      ] {
        let answer = try await api.get("/v1/statistics?\(query)")
        #expect(answer.status == 400 && !answer.error.isEmpty, "\(query): \(answer.error)")
      }
    }
  }

  @Test func formatsAreChosen() async throws {
    try await withAPI { api in
      let beginnings: [(query: String, accept: String, type: String, beginning: String)] = [
        ("", "*/*", "application/json", "{\n\"answer\""), ("", "", "application/json", "{\n\"answer\""),
        ("&format=csv", "*/*", "text/csv; charset=utf-8", "source,destination,packets"),
        ("&format=csv", "application/xml", "text/csv; charset=utf-8", "source,destination,packets"),
        ("&format=xml", "*/*", "application/xml", "<?xml"), ("", "text/xml", "application/xml", "<?xml"),
        ("", "text/csv;q=0.5, application/xml", "application/xml", "<?xml"),
        ("", "text/html, text/csv;q=0.5, application/xml;q=0.4", "text/csv; charset=utf-8", "source,"),
        ("", "application/json;q=0, text/plain", "text/plain; charset=utf-8", "#"),
        ("&format=gnuplot", "*/*", "text/plain; charset=utf-8", "#"),
        ("&format=dot", "*/*", "text/vnd.graphviz; charset=utf-8", "digraph"),
        ("", "TEXT/VND.GRAPHVIZ", "text/vnd.graphviz; charset=utf-8", "digraph"),
      ]
      for (query, accept, type, beginning) in beginnings {
        // Without a value curl leaves the header out.
        let answer = try await api.get("/v1/statistics?answer=mean\(query)", nil, "-H", "Accept:\(accept)")
        #expect(answer.status == 200 && answer.code == 0)
        #expect(answer.headers["content-type"] == type, "\(query) \(accept)")
        #expect(answer.body.hasPrefix(beginning), "\(query) \(accept): \(answer.body.prefix(60))")
        #expect(answer.headers["cache-control"] == "no-store")
      }
      let refused = try await api.get("/v1/statistics", nil, "-H", "Accept: text/html, application/json;q=0")
      #expect(refused.status == 406 && refused.error.contains("text/csv"))
    }
  }

  @Test func theAnswerIsThatOfTheCommand() async throws {
    try await withAPI { api in
      let answer = try await api.get("/v1/statistics?answer=mean")
      let pairs = try #require(try answer.json["pairs"] as? [[String: Any]])
      #expect(pairs.count == 1 && pairs[0]["source"] as? String == "vm1" && pairs[0]["packets"] as? Double == 10)
      #expect(try answer.json["start"] as? String == "2026-11-24T11:59:30Z")
    }
  }

  @Test func whatComesTooEarlyIsHandedBack() async throws {
    try await withAPI { api in
      api.controller.replies.withLock { $0 = [StandInController.refusal] }
      for format in ["json", "csv"] {
        let answer = try await api.get("/v1/statistics?format=\(format)&last=3")
        #expect(answer.status == 409 && answer.headers["content-type"] == "application/json")
        #expect(try answer.json["refused"] as? Bool == true)
        #expect(try answer.json["missing"] as? [String] == ["a1"])
        #expect(try answer.json["availableAt"] as? String == "2026-11-24T12:00:35Z")
        #expect(try (answer.json["query"] as? [String: Any])?["last"] as? Int == 3)
        #expect(answer.headers["retry-after"] != nil)
      }
    }
  }

  @Test func failuresHaveTheirStatus() async throws {
    try await withAPI { api in
      let gone = try await api.get("/v1/statistics?application=gone")
      #expect(gone.status == 404 && gone.error == "there is no application \"gone\"")
      #expect(try await api.get("/v1/statistics?application=broken").status == 500)
    }
  }

  /// All of a long answer arrives, and no more of it is made than is read.
  @Test func longAnswersAreStreamed() async throws {
    try await withAPI { api in
      let replies = CountedReplies(limit: 21)
      api.controller.replies.withLock { $0 = replies }
      let answer = try await api.get("/v1/statistics?answer=mean&format=csv")
      #expect(answer.status == 200 && answer.code == 0)
      #expect(answer.body.utf8.count { $0 == UInt8(ascii: "\n") } == 200_001)
      #expect(answer.headers["transfer-encoding"] == "chunked")
    }
  }

  /// Nobody waits any more: the query that was to wait for a day ends.
  @Test func whoeverGoesIsNotWaitedFor() async throws {
    try await withAPI(controller: StandInController(pause: .seconds(86_400))) { api in
      let answer = try await api.get("/v1/statistics?wait=24h", nil, "--max-time", "1")
      #expect(answer.code == 28)
      for _ in 0..<3000 where !api.controller.isCancelled.withLock({ $0 }) {
        try await Task.sleep(for: .milliseconds(20))
      }
      #expect(api.controller.isCancelled.withLock { $0 })
    }
  }
}
