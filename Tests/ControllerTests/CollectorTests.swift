import Controller
import Foundation
import Logging
import Model
import Storage
import Synchronization
import Testing
import Traffic

/// A collector of the hosts a1 and b1, with periods of 30 s, on a real store.
private struct Collecting {
  let clock: MockWallClock
  let live = Live()
  let path: String
  var collector: Collector

  final class Live: Sendable {
    let hosts = Mutex<Set<String>>(["a1", "b1"])
  }

  init(in folder: String, at seconds: Double, held: Int = 120) async throws {
    clock = MockWallClock(seconds: seconds)
    path = folder + "/controller.sqlite"
    collector = try Self.collector(path, clock, live, held: held)
    try await collector.load()
  }

  private static func collector(
    _ path: String, _ clock: MockWallClock, _ live: Live, held: Int
  ) throws -> Collector {
    var configuration = Collector.Configuration()
    configuration.heldPeriods = held
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return Collector(
      store: try SQLiteStore(path: path), configuration: configuration, clock: clock, logger: logger,
      liveHosts: { _ in live.hosts.withLock { $0 } })
  }

  /// As after a restart.
  mutating func restart(held: Int = 120) async throws {
    collector = try Self.collector(path, clock, live, held: held)
    try await collector.load()
  }

  func take(_ host: String, _ period: Int64, packets: UInt64 = 10, sequence: UInt64? = nil) async throws {
    let (from, to) = host == "a1" ? ("vm2", "vm1") : ("vm1", "vm2")
    try await collector.take(
      SensorReport(
        host: host, incarnation: 1, sequence: sequence ?? UInt64(period + 1), period: .number(period),
        vms: [SensedVM(name: to)],
        received: [.init(source: .name(from), destination: .name(to), counts: PairCounts(packets: packets))],
        sent: [.init(source: .name(to), destination: .name(from), counts: PairCounts(packets: packets))]))
  }

  func statistics(_ query: TrafficQuery, wait: Int64 = 0) async throws -> TrafficStatistics? {
    guard case .answered(let statistics) = try await collector.query(query, waitingAtMost: wait * 1_000_000_000) else {
      return nil
    }
    return statistics
  }
}

extension Period {
  fileprivate static func number(_ number: Int64) -> Period {
    .of(number)
  }
}

private func withCollecting(
  at seconds: Double, held: Int = 120, _ body: (inout Collecting) async throws -> Void
) async throws {
  try await withTemporaryFolder { folder in
    var collecting = try await Collecting(in: folder, at: seconds, held: held)
    try await body(&collecting)
  }
}

@Suite struct CollectorTests {
  @Test func aPeriodIsClosedWhenAllHaveReported() async throws {
    try await withCollecting(at: 30.2) { it in
      try await it.take("a1", 0)
      #expect(await it.collector.held.isEmpty)
      try await it.take("b1", 0)
      let held = await it.collector.held
      #expect(held.map(\.period) == [.number(0)])
      #expect(held[0].isComplete)
      #expect(held[0].rows.map(\.counts.packets) == [10, 10])
      var closings = it.collector.closedPeriods.makeAsyncIterator()
      #expect(await closings.next() == held[0])
      // Again: nothing new.
      try await it.take("b1", 0)
      #expect(await it.collector.held == held)
    }
  }

  @Test func afterTheGraceAPeriodIsClosedWithoutWhoIsMissing() async throws {
    try await withCollecting(at: 30.2) { it in
      let (clock, collector) = (it.clock, it.collector)
      try await it.take("a1", 0)
      let running = Task { try await collector.run() }
      await clock.someoneSleeps()
      clock.set(seconds: 35)
      var closings = collector.closedPeriods.makeAsyncIterator()
      let closed = try #require(await closings.next())
      #expect(closed.missingHosts == ["b1"])
      #expect(!closed.isComplete)
      // What comes late amends it, and tells again.
      clock.set(seconds: 50)
      try await it.take("b1", 0)
      let amended = try #require(await closings.next())
      #expect(amended.isComplete)
      #expect(amended.rows.map(\.counts.packets) == [10, 10])
      #expect(await collector.held == [amended])
      running.cancel()
      await #expect(throws: CancellationError.self) { try await running.value }
    }
  }

  @Test func aPeriodOfWhichNobodyReportsIsClosedTooOrIsAGap() async throws {
    try await withCollecting(at: 30.2) { it in
      let (clock, collector) = (it.clock, it.collector)
      try await it.take("a1", 0)
      try await it.take("b1", 0)
      let running = Task { try await collector.run() }
      var closings = collector.closedPeriods.makeAsyncIterator()
      _ = await closings.next()
      await clock.someoneSleeps()
      clock.set(seconds: 60)
      while await collector.open[.number(1)] == nil { try? await Task.sleep(for: .milliseconds(2)) }
      await clock.someoneSleeps()
      clock.set(seconds: 65)
      #expect(await closings.next()?.missingHosts == ["a1", "b1"])
      // None lives any more.
      it.live.hosts.withLock { $0 = [] }
      clock.set(seconds: 125)
      let answer = try await it.statistics(
        TrafficQuery(span: .interval(start: Period.number(0).start, end: Period.number(4).start)))
      #expect(answer?.gaps == [Period.number(2).start, Period.number(3).start])
      running.cancel()
    }
  }

  @Test func hostsAgreeingBeforeTheEndDoNotCloseAPeriod() async throws {
    // A host that stops tells what it has; the period goes on.
    try await withCollecting(at: 20) { it in
      it.live.hosts.withLock { $0 = ["a1"] }
      try await it.take("a1", 0)
      #expect(await it.collector.held.isEmpty)
      it.clock.set(seconds: 30)
      try await it.take("a1", 0, sequence: 2)
      #expect(await it.collector.held.first?.rows.map(\.counts.packets) == [20, 20])
    }
  }

  @Test func aRestartForgetsNothing() async throws {
    try await withCollecting(at: 30.2) { it in
      for period in 0...2 as ClosedRange<Int64> {
        it.clock.set(seconds: Double(period) * 30 + 30.2)
        try await it.take("a1", period, packets: UInt64(period))
        if period != 1 { try await it.take("b1", period, packets: UInt64(period)) }
      }
      it.clock.set(seconds: 120.1)
      try await it.take("a1", 3)
      it.clock.set(seconds: 121)
      // Of the hosts none has connected again yet.
      it.live.hosts.withLock { $0 = [] }
      try await it.restart()
      let held = await it.collector.held
      #expect(held.map(\.period) == [.number(0), .number(1), .number(2)])
      #expect(held.map(\.isComplete) == [true, false, true])
      #expect(held[1].missingHosts == ["b1"])
      #expect(held[2].rows.map(\.counts.packets) == [2, 2])
      // The one that was open waits for those that were there before.
      #expect(await it.collector.held.count == 3)
      try await it.take("b1", 3)
      #expect(await it.collector.held.last?.period == .number(3))
      #expect(await it.collector.held.last?.isComplete == true)
      // And counts nothing twice.
      try await it.take("a1", 3)
      #expect(await it.collector.held.last?.rows.map(\.counts.packets) == [10, 10])
    }
  }

  @Test func whatIsNoMoreInMemoryIsReadFromTheStore() async throws {
    try await withCollecting(at: 30.2, held: 2) { it in
      for period in 0...4 as ClosedRange<Int64> {
        it.clock.set(seconds: Double(period) * 30 + 30.2)
        for host in ["a1", "b1"] { try await it.take(host, period, packets: UInt64(period)) }
      }
      #expect(await it.collector.held.map(\.period) == [.number(3), .number(4)])
      let all = try await it.statistics(TrafficQuery(span: .last(5), answer: .mean))
      // (0 + 1 + 2 + 3 + 4) / 5, in each direction
      guard case .mean(let rows)? = all?.content else { return }
      #expect(rows.allSatisfy { abs($0.packets - 2) < 1e-12 })
      #expect(rows.count == 2)
      #expect(all?.isExact == true)
      let one = try await it.statistics(
        TrafficQuery(span: .interval(start: Period.number(1).start, end: Period.number(2).start)))
      guard case .periods(let periods)? = one?.content else { return }
      #expect(periods.map(\.period) == [.number(1)])
    }
  }

  @Test func silencePushesNothingOut() async throws {
    try await withCollecting(at: 30.2, held: 2) { it in
      let (clock, collector) = (it.clock, it.collector)
      var closings = collector.closedPeriods.makeAsyncIterator()
      for period in 0...2 as ClosedRange<Int64> {
        clock.set(seconds: Double(period) * 30 + 30.2)
        for host in ["a1", "b1"] { try await it.take(host, period) }
        #expect(await closings.next()?.period == .number(period))
      }
      let running = Task { try await collector.run() }
      for silent in 3...5 as ClosedRange<Int64> {
        await clock.someoneSleeps()
        clock.set(seconds: Double(silent) * 30 + 30)
        while await collector.open[.number(silent)] == nil { try? await Task.sleep(for: .milliseconds(2)) }
        await clock.someoneSleeps()
        clock.set(seconds: Double(silent) * 30 + 35)
        #expect(await closings.next()?.missingHosts == ["a1", "b1"])
      }
      let expected = (1...5 as ClosedRange<Int64>).map(Period.number)
      #expect(await collector.held.map(\.period) == expected)
      running.cancel()
      await #expect(throws: CancellationError.self) { try await running.value }
      try await it.restart(held: 2)
      #expect(await it.collector.fill())
      #expect(await it.collector.held.map(\.period) == expected)
    }
  }

  @Test func impossibleTimesAreRefused() async throws {
    try await withCollecting(at: 30_000_000) { it in
      // It begins 90 s from now; 30 are allowed.
      let (now, collector, it) = (Int64(1_000_000), it.collector, it)
      await #expect(throws: ReportRefusal.self) { try await it.take("a1", now + 3) }
      try await it.take("a1", now + 1)
      // 31 days ago.
      await #expect(throws: ReportRefusal.self) { try await it.take("a1", now - 31 * 2880) }
      try await it.take("a1", now - 29 * 2880)
      let long = SensorReport(
        host: "a1", incarnation: 1, sequence: 9, period: Period(start: .init(nanoseconds: 0), length: .max))
      await #expect(throws: ReportRefusal.self) { try await collector.take(long) }
      // 30 s that begin anywhere, and half a second.
      let periods: [(start: Int64, length: Int64)] = [
        (now * 30_000_000_000 + 1, 30_000_000_000), (now * 30_000_000_000, 500_000_000),
      ]
      for (start, length) in periods {
        let odd = SensorReport(
          host: "a1", incarnation: 1, sequence: 10, period: Period(start: .init(nanoseconds: start), length: length))
        await #expect(throws: ReportRefusal.self) { try await collector.take(odd) }
      }
    }
  }

  /// An agent that ends in the first minute of an hour reports that hour.
  @Test func aLongPeriodThatIsCutShortIsTaken() async throws {
    try await withCollecting(at: 3660) { it in
      let (collector, hour) = (it.collector, Int64(3_600_000_000_000))
      let reports = [hour, 2 * hour].map { start in
        SensorReport(
          host: "a1", incarnation: 1, sequence: UInt64(start),
          period: Period(start: .init(nanoseconds: start), length: hour), incomplete: "the sensor was stopped within it")
      }
      try await collector.take(reports[0])
      #expect(await collector.open.keys.map(\.start.seconds) == [3600])
      // That begins 59 minutes from now.
      await #expect(throws: ReportRefusal.self) { try await collector.take(reports[1]) }
    }
  }

  @Test func oneHostWithOtherPeriodsDoesNotSetTheirLength() async throws {
    try await withCollecting(at: 30.2) { it in
      for host in ["a1", "b1"] { try await it.take(host, 0) }
      let odd = Period(start: .init(nanoseconds: 0), length: 60_000_000_000)
      try await it.collector.take(SensorReport(host: "c1", incarnation: 1, sequence: 1, period: odd))
      #expect(await it.collector.length == 30_000_000_000)
      it.clock.set(seconds: 60.2)
      for host in ["a1", "b1"] { try await it.take(host, 1) }
      #expect(await it.collector.held.map(\.period) == [.number(0), .number(1)])
    }
  }

  /// Neither where as many have one length as another, nor once its reports are old.
  @Test func whoHasLeftDoesNotSetTheLength() async throws {
    try await withCollecting(at: 130) { it in
      try await it.take("a1", 1)
      for number in 0..<3 {
        let brief = Period(start: .init(nanoseconds: (60 + Int64(number)) * 1_000_000_000), length: 1_000_000_000)
        try await it.collector.take(SensorReport(host: "c1", incarnation: 1, sequence: UInt64(number + 1), period: brief))
        #expect(await it.collector.length == 30_000_000_000)
      }
      try await it.take("a1", 3)
      #expect(await it.collector.length == 30_000_000_000)
    }
  }

  @Test func aQueryWaitsForWhatIsNotClosed() async throws {
    try await withCollecting(at: 30.2) { it in
      let collector = it.collector
      for host in ["a1", "b1"] { try await it.take(host, 0) }
      it.clock.set(seconds: 60.2)
      try await it.take("a1", 1)
      let query = TrafficQuery(span: .last(1))
      guard case .handedBack(let refusal) = try await collector.query(query) else {
        Issue.record("answered")
        return
      }
      #expect(refusal.missingHosts == ["b1"])
      #expect(refusal.availableAt?.seconds == 65)
      let waiting = Task { try await collector.query(query, waitingAtMost: 5_000_000_000) }
      await it.clock.someoneSleeps()
      try await it.take("b1", 1)
      guard case .answered(let statistics) = try await waiting.value else {
        Issue.record("handed back")
        return
      }
      #expect(statistics.isExact)
      #expect(statistics.start == Period.number(1).start)
    }
  }

  @Test func aQueryThatWaitedInVainIsApproximatedOrHandedBack() async throws {
    try await withCollecting(at: 30.2) { it in
      let (clock, collector) = (it.clock, it.collector)
      for host in ["a1", "b1"] { try await it.take(host, 0) }
      clock.set(seconds: 60.2)
      try await it.take("a1", 1)
      let query = TrafficQuery(span: .last(1), isApproximate: true)
      let waiting = Task { try await collector.query(query, waitingAtMost: 2_000_000_000) }
      await clock.someoneSleeps()
      clock.set(seconds: 62.2)
      guard case .answered(let statistics) = try await waiting.value else {
        Issue.record("handed back")
        return
      }
      #expect(statistics.approximation?.from == Period.number(0).start)
      // With the time that the grace takes it is closed, without b1.
      let exact = Task {
        try await collector.query(TrafficQuery(span: .last(1)), waitingAtMost: 10_000_000_000)
      }
      await clock.someoneSleeps()
      clock.set(seconds: 65)
      guard case .answered(let closed) = try await exact.value else {
        Issue.record("handed back")
        return
      }
      #expect(closed.missingHosts == ["b1"])
      // The running period can't be there in time: handed back at once.
      let running = TrafficQuery(span: .interval(start: Period.number(2).start, end: clock.now))
      guard case .handedBack = try await collector.query(running, waitingAtMost: 5_000_000_000) else {
        Issue.record("answered")
        return
      }
    }
  }
}
