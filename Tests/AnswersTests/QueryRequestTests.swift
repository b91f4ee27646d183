import Answers
import Foundation
import Model
import SwiftProtobuf
import Testing
import Traffic
import Wire

/// What the controller is asked, and what is said where it hands a query back.
@Suite struct QueryRequestTests {
  private let start = Timestamp(nanoseconds: Messages.time(0))

  @Test func spans() {
    #expect(QueryRequest(Messages.query { $0.span = .last(7) }).last == 7)
    let long = QueryRequest(Messages.query { $0.span = .lasting(600_000_000_000) })
    #expect((long.start, long.end, long.last) == (-600_000_000_000, 0, 0))
    let open = QueryRequest(Messages.query { $0.span = .interval(start: start, end: nil) })
    #expect((open.start, open.end, open.last) == (start.nanoseconds, 0, 0))
    let closed = QueryRequest(
      Messages.query { $0.span = .interval(start: start, end: start.advanced(bySeconds: 30)) })
    #expect((closed.start, closed.end) == (start.nanoseconds, start.nanoseconds + 30_000_000_000))
  }

  @Test func answersAndPlaces() {
    let request = QueryRequest(
      Messages.query {
        $0.answer = .coefficient(0.5)
        $0.wait = 2_500_000_000
        $0.isApproximate = true
        $0.endpoints = .application
        ($0.vms, $0.hosts, $0.sites, $0.applications) = (["vm1"], ["a1"], ["a"], ["cg", "lu"])
      })
    #expect(request.answer == .weighted)
    #expect(request.coefficient == 0.5)
    #expect(request.waitSeconds == 2.5)
    #expect(request.approximate)
    #expect(request.endpoints == .byApplication)
    #expect((request.vms, request.hosts, request.sites, request.application) == (["vm1"], ["a1"], ["a"], "cg"))
    #expect(request.applications == ["lu"])
    let weights = QueryRequest(Messages.query { $0.answer = .weights([1, 2]) })
    #expect(weights.weights == [1, 2])
    #expect(weights.answer == .weighted)
    #expect(QueryRequest(Messages.query()).answer == .detail)
  }

  @Test func aRefusalRepeatsTheQuery() throws {
    let refusal = Transhumance_V1_QueryRefusal.with {
      $0.reason = "the period from \"now\" is not closed yet"
      $0.missingHosts = ["b1"]
      $0.availableAt = Messages.time(35)
    }
    let query = Messages.query {
      $0.span = .interval(start: start, end: nil)
      $0.answer = .weights([1, 1, 2])
      $0.hosts = ["a1"]
    }
    let document = RefusalDocument(refusal, of: query)
    #expect(
      String(decoding: document.json, as: UTF8.self) == #"""
        {
        "availableAt": "2026-11-24T15:46:35Z",
        "missing": ["b1"],
        "query": {"answer":"weighted","approximate":false,"by":"pair","hosts":["a1"],"start":"2026-11-24T15:46:00Z","waitSeconds":0,"weights":[1,1,2]},
        "reason": "the period from \"now\" is not closed yet",
        "refused": true
        }

        """#)
    #expect(
      document.words
        == "handed back: the period from \"now\" is not closed yet; waiting for b1; available at 2026-11-24T15:46:35Z")
    let never = RefusalDocument(.with { $0.reason = "nothing is held of the span" }, of: Messages.query())
    #expect(never.availableAt == nil)
    let json = try JSONSerialization.jsonObject(with: Data(never.json)) as? [String: Any]
    #expect(json?["availableAt"] is NSNull)
    #expect((json?["query"] as? [String: Any])?["last"] as? Int == 1)
  }
}
