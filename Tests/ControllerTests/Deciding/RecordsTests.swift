import Controller
import Foundation
import Model
import SwiftProtobuf
import Synchronization
import Testing
import Wire

/// What is kept and told of changes.
struct RecordsTests {
  @Test func anEditOfTheFederationIsToldInWords() {
    let before = World.federation
    var after = before
    after.sites[0].price.vmHour = 0.5
    after.sites[0].hosts.removeLast()
    after.sites[1].availableUntil = Timestamp(nanoseconds: 1_800_000_000_000_000_000)
    after.sites.append(Site(name: "c", hosts: [Host(name: "c1")]))
    #expect(
      before.changes(in: after) == [
        "a: prices 0 → 0.5 a VM and hour", "host a2 is gone", "b: closes at 2027-01-15T08:00:00Z", "site c is new",
      ])
    #expect(before.changes(in: before).isEmpty)
    after.sites.removeFirst()
    #expect(before.changes(in: after).first == "site a is gone")
    var other = before
    other.sites[0].kind = .cloud
    other.sites[1].hosts[0].watts = 200
    #expect(before.changes(in: other) == ["a: is a cloud", "host b1 has another size, speed or power"])
    var reordered = before
    reordered.sites.reverse()
    #expect(before.changes(in: reordered) == ["the order of sites or hosts differs"])
  }

  /// A day of periods of 30 s, and a plan of which the document is asked for by itself.
  @Test func aDayOfEventsIsRemembered() async {
    let kept = Mutex<[ControllerEvent]>([])
    let events = EventLog(logger: silent, now: { Timestamp(nanoseconds: 1) }) { event in
      kept.withLock { $0.append(event) }
    }
    events.add(.plan, "a plan") { $0.plan.document = "{}" }
    for number in 0..<2880 { events.add(.period, "period \(number)") }
    var told: [ControllerEvent] = []
    for await event in events.events(since: Timestamp(nanoseconds: 0), follow: false) { told.append(event) }
    #expect(told.count == 2881 && told.last?.text == "period 2879")
    #expect(told.first?.hasPlan == true && told.first?.plan.document == "")
    #expect(kept.withLock { $0 } == told)
  }

  @Test func writesKeepTheOrderInWhichTheyWereAskedFor() async throws {
    let writes = OrderedWrites()
    let (gate, opening) = AsyncStream.makeStream(of: Void.self)
    let written = Mutex<[Int]>([])
    writes.add {
      for await _ in gate { break }
      written.withLock { $0.append(1) }
    }
    writes.add { throw World.Gone() }
    let last = writes.add { written.withLock { $0.append(2) } }
    opening.yield()
    try await last.value.get()
    #expect(written.withLock { $0 } == [1, 2])
  }

  /// Who did what is told with each event, and outlives the controller.
  @Test func whoActsIsRecorded() async throws {
    try await withStore { store in
      let world = World(LoopTests.scattered)
      let first = world.decider(store)
      let request = Transhumance_V1_ApplyRequest.with {
        ($0.file, $0.document) = ("app.yaml", Data(LoopTests.document(mode: "approve").utf8))
      }
      try await first.apply(request, by: "alice") { _ in }
      for _ in 0..<3 { world.pass(LoopTests.ring) }
      await first.considerAll()
      let plan = try #require(await first.plans(of: "cg").first)
      _ = try await first.decide(plan.identifier, approve: true, by: "bob")
      await first.settle()
      try await first.setPause(.with { $0.reason = "noon" }, by: "carol")
      _ = try await first.drain(.with { $0.host = "a2" }, by: "dave")
      await first.settleWrites()
      let second = world.decider(store)
      try await second.load()
      try await second.setPause(.with { $0.resume = true }, by: "erin")
      try await second.remove("cg", by: "alice")
      await second.settleWrites()
      var told: [String] = []
      for await event in second.events.events(since: Timestamp(nanoseconds: 0), follow: false) {
        if event.text.contains("still drained") { #expect(event.text == "still drained: a2 (by dave)") }
        if !event.by.isEmpty { told.append("\(event.by): \(event.text)") }
      }
      let expected = [
        "alice: cg is created: 4 VMs, objective time, mode approve, by alice", "bob: plan \(plan.identifier) is approved by bob",
        "carol: everything is paused: noon (by carol)", "dave: a2 is drained by dave: its VMs are to leave it",
        "erin: everything goes on, as erin wants it", "alice: cg was removed by alice; its VMs run on",
      ]
      for line in expected { #expect(told.contains(line), "\(line): \(told)") }
      let moves = told.filter { $0.contains("begins to move") }
      #expect(moves.count == 2 && moves.allSatisfy { $0.hasPrefix("bob: ") && $0.contains(", by bob: ") }, "\(moves)")
      #expect(world.state.withLock { $0.wanted } == ["bob", "bob"])
    }
  }
}
