import Controller
import Foundation
import Model
import Storage
import Synchronization
import Testing
import Traffic

/// A collector whose store fails, or that does two things at once.
@Suite(.timeLimit(.minutes(2))) struct CollectorFaultTests {
  private struct Place {
    let path: String
    let clock = MockWallClock(seconds: 0)
    let store: HookedStore

    init(in folder: String) throws {
      path = folder + "/controller.sqlite"
      store = HookedStore(try SQLiteStore(path: path))
    }

    /// As after a start; with the store alone that doesn't fail, where it is another controller's.
    func collector(
      of store: (any Store)? = nil, held: Int = 120, isFollowing: Bool = false
    ) async throws -> Collector {
      var configuration = Collector.Configuration()
      configuration.isFollowing = isFollowing
      configuration.heldPeriods = held
      configuration.rollUps = [RollUp(length: 60_000_000_000, age: 120_000_000_000)]
      let collector = Collector(
        store: store ?? self.store, configuration: configuration, clock: clock, logger: silent,
        liveHosts: { _ in ["a1", "b1"] })
      try await collector.load()
      return collector
    }

    /// Of both hosts, so many packets as the period's number each way.
    func report(_ periods: Range<Int64>, to collector: Collector) async throws {
      for number in periods {
        clock.set(seconds: Double(number) * 30 + 30.2)
        for host in ["a1", "b1"] { try await collector.take(.of(host, number, packets: UInt64(number))) }
      }
    }

    /// Keeps so many periods with a report of a1 each, of which nobody has closed the oldest.
    func keep(_ count: Int64) async throws {
      for number in 0..<count {
        let report = SensorReport.of("a1", number, packets: 5)
        #expect(try await store.save(report))
        guard number > 0 else { continue }
        try await store.save(GlobalPeriod(period: .of(number), reports: [report], expectedHosts: ["a1"]))
      }
    }
  }

  private func withPlace(_ body: (Place) async throws -> Void) async throws {
    try await withTemporaryFolder { try await body(try Place(in: $0)) }
  }

  // MARK: - Rolling up

  /// Whether it goes on itself, or another after it has died.
  @Test(arguments: [false, true]) func rollingUpThatWasCutShortGoesOn(isRestarted: Bool) async throws {
    try await withPlace { place in
      var collector = try await place.collector()
      try await place.report(0..<12, to: collector)
      place.clock.set(seconds: 365)
      place.store.onCalls { call, moment in
        if call == .rollUp(.of(1, seconds: 60)), moment == .before { throw StoreError(.full, "the disk is full") }
      }
      await collector.rollUpWhatIsOld()
      place.store.onCalls { _, _ in }
      if isRestarted { collector = try await place.collector() }
      // Also of what isn't rolled up yet.
      for number in [0, 7] as [Int64] {
        let late = SensorReport.of("c1", number, packets: 1)
        await #expect(throws: ReportRefusal.self) { try await collector.take(late) }
      }
      _ = await collector.fill()
      #expect(try await collector.means(to: 12) == [5.5, 5.5])
      await collector.rollUpWhatIsOld()
      #expect(
        await collector.held.map(\.period) == (0..<4).map { .of($0, seconds: 60) } + (8..<12).map { .of($0) })
      #expect(try await collector.means(to: 12) == [5.5, 5.5])
    }
  }

  /// Nothing is replaced before it is on disk that nothing comes to it any more.
  @Test func theBoundIsKeptFirst() async throws {
    try await withPlace { place in
      let collector = try await place.collector()
      try await place.report(0..<12, to: collector)
      place.clock.set(seconds: 365)
      let calls = Mutex<[HookedStore.Call]>([])
      place.store.onCalls { call, moment in
        guard moment == .before else { return }
        if case .set = call { calls.withLock { $0.append(call) } }
        if case .rollUp = call { calls.withLock { $0.append(call) } }
      }
      await collector.rollUpWhatIsOld()
      let spans = (0..<4).map { HookedStore.Call.rollUp(.of($0, seconds: 60)) }
      #expect(calls.withLock { $0 } == [.set("rolled-up")] + spans + [.set("rolled-up")])
      // Where it can't be kept, nothing is.
      place.clock.set(seconds: 425)
      calls.withLock { $0 = [] }
      place.store.onCalls { call, _ in
        calls.withLock { $0.append(call) }
        if case .set = call { throw StoreError(.full, "the disk is full") }
      }
      await collector.rollUpWhatIsOld()
      #expect(calls.withLock { $0 } == [.set("rolled-up")])
    }
  }

  /// A report that was let in before counts, and once.
  @Test func rollingUpWaitsForWhatIsOnItsWay() async throws {
    try await withPlace { place in
      let collector = try await place.collector()
      try await place.report(0..<12, to: collector)
      place.clock.set(seconds: 365)
      let (gate, open) = AsyncStream.makeStream(of: Void.self)
      let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
      place.store.onCalls { call, moment in
        guard call == .report(host: "c1"), moment == .after else { return }
        arrived.finish()
        for await _ in gate {}
      }
      let taking = Task { try await collector.take(.of("c1", 0, packets: 12)) }
      for await _ in arrivals {}
      let rolling = Task { await collector.rollUpWhatIsOld() }
      for _ in 0..<2000 { await Task.yield() }
      open.finish()
      try await taking.value
      await rolling.value
      for collector in [collector, try await place.collector()] {
        _ = await collector.fill()
        // (0 + … + 11) / 12, of one with 12 more.
        #expect(try await collector.means(to: 12).sorted() == [5.5, 6.5])
      }
    }
  }

  /// A report of a span that is rolled up, which a controller has taken that had lost the lead.
  @Test func whatCameToARolledUpSpanIsLeftOut() async throws {
    try await withPlace { place in
      let collector = try await place.collector()
      try await place.report(0..<12, to: collector)
      place.clock.set(seconds: 365)
      await collector.rollUpWhatIsOld()
      let stray = SensorReport.of("b1", 1, packets: 1000, incarnation: 2)
      #expect(try await place.store.save(stray))
      for held in [120, 2] {
        let collector = try await place.collector(held: held)
        _ = await collector.fill()
        #expect(try await collector.means(to: 12) == [5.5, 5.5])
        await #expect(throws: ReportRefusal.self) { try await collector.take(stray) }
      }
    }
  }

  /// By who follows, though the store couldn't be read as it heard of it.
  @Test func whatAnotherRollsUpIsTakenOverLater() async throws {
    try await withPlace { place in
      let leader = try await place.collector(of: try SQLiteStore(path: place.path))
      try await place.report(0..<12, to: leader)
      let follower = try await place.collector(isFollowing: true)
      #expect(await follower.fill())
      place.clock.set(seconds: 365)
      await leader.rollUpWhatIsOld()
      place.store.onCalls { call, _ in
        if call == .periods { throw StoreError(.unreachable, "the database is away") }
      }
      await #expect(throws: StoreError.self) { try await follower.catchUp() }
      place.store.onCalls { _, _ in }
      try await follower.catchUp()
      #expect(await follower.held.map(\.period) == leader.held.map(\.period))
      #expect(await follower.held.contains { $0.isRolledUp })
      #expect(try await follower.means(to: 12) == [5.5, 5.5])
    }
  }

  // MARK: - Two at once

  /// A late report that comes while its period is read for the first time isn't written over.
  @Test func whatComesWhileOlderPeriodsAreReadIsKept() async throws {
    try await withPlace { place in
      try await place.keep(10)
      place.clock.set(seconds: 310)
      let collector = try await place.collector()
      let isFirst = Mutex(true)
      let isSaved = Mutex(false)
      place.store.onCalls { call, moment in
        if call == .save(.of(0)), moment == .after { isSaved.withLock { $0 = true } }
        guard call == .reports(.of(0)), moment == .after, isFirst.withLock({ exchange(&$0, false) }) else { return }
        try await collector.take(.of("b1", 0, packets: 7))
        while !isSaved.withLock({ $0 }) { try? await Task.sleep(for: .milliseconds(2)) }
      }
      #expect(await collector.fill())
      #expect(await collector.held.first?.hosts == ["a1", "b1"])
      let kept = try #require(try await place.store.traffic(of: .of(0), like: nil))
      #expect(kept.rows.map(\.counts.packets) == [7, 5])
      #expect(try await place.store.reports(of: .of(0)) == [])
    }
  }

  /// Another controller has taken it and not acknowledged it, after this one had closed its period without it.
  @Test func aReportOfAnotherControllerIsTakenOver() async throws {
    try await withPlace { place in
      let collector = try await place.collector()
      try await place.report(0..<1, to: collector)
      place.clock.set(seconds: 60.2)
      try await collector.take(.of("a1", 1, packets: 5))
      place.clock.set(seconds: 66)
      await collector.closeWhatIsReady()
      #expect(await collector.held.last?.missingHosts == ["b1"])
      let report = SensorReport.of("b1", 1, packets: 5)
      #expect(try await place.store.save(report))
      try await collector.take(report)
      while await collector.held.last?.isComplete != true { try? await Task.sleep(for: .milliseconds(2)) }
      #expect(await collector.held.last?.hosts == ["a1", "b1"])
      // And of one that goes on.
      place.clock.set(seconds: 90.2)
      let next = SensorReport.of("b1", 2, packets: 5)
      #expect(try await place.store.save(next))
      try await collector.take(next)
      try await collector.take(.of("a1", 2, packets: 5))
      #expect(await collector.held.last?.period == .of(2))
      #expect(await collector.held.last?.isComplete == true)
    }
  }

  // MARK: - Closing

  /// Which hosts ought to have reported nobody has said.
  @Test func aPeriodThatNobodyClosedIsNotComplete() async throws {
    try await withPlace { place in
      try await place.keep(4)
      place.clock.set(seconds: 130)
      let collector = try await place.collector(held: 2)
      let span = TrafficQuery.Span.interval(start: Period.of(0).start, end: Period.of(4).start)
      guard case .answered(let statistics) = try await collector.query(TrafficQuery(span: span)),
        case .periods(let periods) = statistics.content
      else {
        Issue.record("no answer")
        return
      }
      #expect(periods.map(\.isComplete) == [false, true, true, true])
      #expect(!statistics.isExact)
      place.clock.set(seconds: 400)
      await collector.rollUpWhatIsOld()
      let rolledUp = try await place.store.traffic(of: .of(0, seconds: 60), like: nil)
      #expect(rolledUp?.isComplete == false)
      #expect(try await place.store.traffic(of: .of(1, seconds: 60), like: nil)?.isComplete == true)
    }
  }

  /// Nothing else tells that hosts ought to have reported.
  @Test func periodsWithoutAReportWaitForAStoreThatTakesNothing() async throws {
    try await withPlace { place in
      let collector = try await place.collector()
      try await place.report(0..<1, to: collector)
      place.store.onCalls { call, _ in
        if case .save = call { throw StoreError(.full, "the disk is full") }
      }
      for number in 1...20 {
        for seconds in [0.2, 5.1] {
          place.clock.set(seconds: Double(number) * 30 + 30 + seconds)
          await collector.closeWhatIsReady()
        }
      }
      place.store.onCalls { _, _ in }
      try await place.report(21..<22, to: collector)
      for number in 1...20 as ClosedRange<Int64> {
        #expect(try await place.store.traffic(of: .of(number), like: nil)?.missingHosts == ["a1", "b1"], "\(number)")
      }
    }
  }

  /// However late who is told of them listens.
  @Test func noClosedPeriodIsLost() async throws {
    try await withPlace { place in
      let collector = try await place.collector()
      try await place.report(0..<40, to: collector)
      var closings = collector.closedPeriods.makeAsyncIterator()
      for number in 0..<40 as Range<Int64> { #expect(await closings.next()?.period == .of(number)) }
    }
  }
}

/// The value before.
private func exchange<Value>(_ place: inout Value, _ new: Value) -> Value {
  defer { place = new }
  return place
}

extension SensorReport {
  /// Of vm1, or at any other host than a1 of vm2, which has received so much of the other.
  fileprivate static func of(
    _ host: String, _ period: Int64, packets: UInt64, incarnation: UInt64 = 1
  ) -> SensorReport {
    let (from, to) = host == "a1" ? ("vm2", "vm1") : ("vm1", "vm2")
    return SensorReport(
      host: host, incarnation: incarnation, sequence: UInt64(period + 1), period: .of(period),
      vms: [SensedVM(name: to)],
      received: [.init(source: .name(from), destination: .name(to), counts: PairCounts(packets: packets))])
  }
}
