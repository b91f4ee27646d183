import Controller
import Model
import Synchronization
import Testing
import Wire

/// How long a run still takes, as the loop sees it.
struct RunProgressTests {
  private static let application = Application(
    name: "pair", run: Run(totalMessages: 1e6, sentMessages: 1000), vms: [VM(name: "vm1"), VM(name: "vm2")])

  /// Of each ten seconds 1,000 packets each way: 200 a second. In the middle b1 said nothing.
  @Test func countsMessages() {
    let world = World(["vm1": "a1", "vm2": "b1"])
    let start = world.now
    world.pass([("vm1", "vm2")], packets: 1000)
    world.pass([("vm1", "vm2")], packets: 1000, missing: ["b1"])
    world.pass([("vm1", "vm2")], packets: 1000)
    let periods = world.state.withLock { $0.periods }
    var progress = RunProgress(since: start)
    var isNew = progress.count(periods, of: ["vm1", "vm2"])
    #expect(isNew && progress.messages == 4000 && progress.missingSeconds == 10)
    #expect(progress.countedUntil == world.now.nanoseconds)
    isNew = progress.count(periods, of: ["vm1", "vm2"])
    #expect(!isNew, "once")

    let run = progress.applied(to: Self.application, on: [periods[0], periods[2]]).run
    // What was sent until the document was applied, what was counted, and 10 s at the rate of the others.
    #expect(abs((run?.sentMessages ?? 0) - (1000 + 4000 + 2000)) < 1e-6)
    #expect(run?.seen == Run.Seen(statedAt: start, rates: [200, 200], periodSeconds: 10, guessedMessages: 2000))
  }

  /// Applied in the middle of a period, after one of which a later controller knows nothing.
  @Test func countsNothingTwice() {
    let world = World(["vm1": "a1", "vm2": "b1"])
    var progress = RunProgress(since: world.now.advanced(bySeconds: 4))
    for _ in 0..<3 { world.pass([("vm1", "vm2")], packets: 1000) }
    var periods = world.state.withLock { $0.periods }
    periods.remove(at: 1)
    let isNew = progress.count(periods, of: ["vm1", "vm2"])
    // 6 s of the first, all of the second.
    #expect(isNew && progress.messages == 2000 && progress.missingSeconds == 16)
  }

  @Test func aServiceHasNothingToCount() {
    let service = Application(name: "web", vms: [VM(name: "vm1")])
    #expect(RunProgress(since: Timestamp(nanoseconds: 0)).applied(to: service, on: []) == service)
  }

  /// Of 10 h two have passed when moves make it twice as fast: 8 h of work take 4.
  @Test func movesMakeWhatWasStatedShorter() {
    let start = Timestamp(nanoseconds: 1_800_000_000_000_000_000)
    let stated = Application(name: "t", remainingHours: 10, vms: [VM(name: "vm1")])
    var progress = RunProgress(since: start)
    progress.speedUp(by: 2, of: stated, at: start.advanced(bySeconds: 7200))
    #expect(progress.hours == 4 && progress.statedAt == start.advanced(bySeconds: 7200).nanoseconds)
    let applied = progress.applied(to: stated, on: [])
    #expect(applied.remainingHours == 4 && applied.run?.seen?.statedAt == start.advanced(bySeconds: 7200))
    progress.speedUp(by: 2, of: stated, at: start.advanced(bySeconds: 7200 + 5 * 3600))
    #expect(progress.hours == 4, "outlived")
  }

  /// It ran for 60 s and was silent for 60 when it was removed. The next run takes as long; one that is removed while it
  /// runs tells nothing.
  @Test func runsThatHaveEndedTellOfTheNext() async throws {
    try await withStore { store in
      let world = World(LoopTests.scattered)
      var decider = world.decider(store)
      let document = { LoopTests.document(mode: "advise", extra: "run: {started: \(world.now)}") }
      _ = try await decider.apply(document())
      for _ in 0..<6 { world.pass(LoopTests.ring) }
      for _ in 0..<6 { world.pass([]) }
      await decider.considerAll()
      try await decider.remove("cg")
      await decider.settleWrites()
      decider = world.decider(store)
      try await decider.load()
      _ = try await decider.apply(document())
      for _ in 0..<3 { world.pass(LoopTests.ring) }
      await decider.considerAll()
      let status = try #require(await decider.overview(.init()).applications.first)
      #expect(
        status.reason.contains("it runs for 30 s more (1 earlier run (60 s), 30 s of it gone)"), "\(status.reason)")
      try await decider.remove("cg")
      var told: [String] = []
      for await event in decider.events.events(since: Timestamp(nanoseconds: 0), follow: false) {
        told.append(event.text)
      }
      #expect(
        told.filter { $0.contains(" ran for ") } == ["cg ran for 60 s: its next run is expected to take as long"])
    }
  }

  @Test func theLoopTellsWhatRemains() async throws {
    try await withStore { store in
      let world = World(LoopTests.scattered)
      var decider = world.decider(store)
      let document = LoopTests.document(mode: "advise", extra: "remainingHours: 1")
      #expect(try await decider.apply(document).outcome == "created")
      for _ in 0..<3 { world.pass(LoopTests.ring) }
      await decider.considerAll()
      var status = try #require(await decider.overview(.init()).applications.first)
      #expect(status.reason.contains("it runs for 59.5 min more (60 min as stated, 30 s ago)"), "\(status.reason)")
      // Said again, in a document that differs elsewhere: it counts from the first time on, also by another controller.
      let other = document.replacing("objective: time", with: "objective: cost")
      #expect(try await decider.apply(other).outcome == "changed")
      await decider.settleWrites()
      decider = world.decider(store)
      try await decider.load()
      for _ in 0..<3 { world.pass(LoopTests.ring) }
      await decider.considerAll()
      status = try #require(await decider.overview(.init()).applications.first)
      #expect(status.reason.contains("it runs for 59 min more (60 min as stated, 60 s ago)"), "\(status.reason)")
    }
  }
}
