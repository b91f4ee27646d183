import Controller
import Foundation
import Logging
import Model
import Storage
import Synchronization
import Testing
import Traffic

/// What a collector makes of its store: periods that are read later, and those that are rolled up.
@Suite struct CollectorStorageTests {
  private struct Place {
    let path: String
    let clock = MockWallClock(seconds: 0)

    func collector(
      rollUps: [RollUp] = [], bytes: Int? = nil, held: Int? = nil, isFollowing: Bool = false,
      store: (any Store)? = nil
    ) async throws -> Collector {
      var configuration = Collector.Configuration()
      configuration.isFollowing = isFollowing
      configuration.rollUps = rollUps
      if let bytes { configuration.heldBytes = bytes }
      if let held { configuration.heldPeriods = held }
      let collector = Collector(
        store: try store ?? SQLiteStore(path: path), configuration: configuration, clock: clock,
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, liveHosts: { _ in ["a1", "b1"] })
      try await collector.load()
      return collector
    }

    /// Of both hosts, so many packets as the period's number each way.
    func report(_ periods: Range<Int64>, to collector: Collector) async throws {
      for number in periods {
        clock.set(seconds: Double(number) * 30 + 30.2)
        for (host, from, to) in [("a1", "vm2", "vm1"), ("b1", "vm1", "vm2")] {
          try await collector.take(
            SensorReport(
              host: host, incarnation: 1, sequence: UInt64(number + 1), period: Period.of(number),
              vms: [SensedVM(name: to)],
              received: [
                .init(source: .name(from), destination: .name(to), counts: PairCounts(packets: UInt64(number)))
              ]))
        }
      }
    }
  }

  private func withPlace(_ body: (Place) async throws -> Void) async throws {
    try await withTemporaryFolder { try await body(Place(path: $0 + "/controller.sqlite")) }
  }

  @Test func aFewPeriodsAreReadAtOnceAndTheOthersBesideTheWork() async throws {
    try await withPlace { place in
      try await place.report(0..<30, to: place.collector())
      let collector = try await place.collector()
      #expect(await collector.held.count == 8)
      // What isn't in memory yet is answered with all the same: (0 + … + 29) / 30.
      #expect(try await collector.means(to: 30) == [14.5, 14.5])
      let running = Task { try await collector.run() }
      while await collector.held.count < 30 { try? await Task.sleep(for: .milliseconds(2)) }
      #expect(await collector.held.map(\.period) == (0..<30).map { Period.of($0) })
      #expect(try await collector.means(to: 30) == [14.5, 14.5])
      running.cancel()
    }
  }

  /// A controller that stands by answers as the one that leads.
  @Test func whatAnotherCollectsIsFollowed() async throws {
    try await withPlace { place in
      let leader = try await place.collector()
      try await place.report(0..<12, to: leader)
      let follower = try await place.collector(isFollowing: true)
      #expect(try await follower.means(to: 12) == [5.5, 5.5])
      try await place.report(12..<14, to: leader)
      try await follower.catchUp()
      #expect(try await follower.means(to: 14) == [6.5, 6.5])
      #expect(await follower.length == 30_000_000_000)
      // Not all have reported: it isn't closed, here as there.
      place.clock.set(seconds: 450.1)
      let report = SensorReport(host: "a1", incarnation: 1, sequence: 15, period: Period.of(14))
      try await leader.take(report)
      try await follower.catchUp()
      let query = TrafficQuery(span: .last(1))
      guard case .handedBack = try await follower.query(query) else {
        Issue.record("answered")
        return
      }
      // Nor does the follower close it, though its time is over.
      place.clock.set(seconds: 460)
      try await follower.catchUp()
      #expect(try await SQLiteStore(path: place.path).traffic(of: Period.of(14), like: nil) == nil)
      await leader.closeInTime()
      // The store has it a moment later.
      while await follower.held.last?.period != Period.of(14) { try await follower.catchUp() }
      #expect(await follower.held.last?.missingHosts == ["b1"])
      #expect(await follower.held.last == leader.held.last)
    }
  }

  /// Nobody decides by what it follows: nothing waits to be told.
  @Test func whoFollowsTellsOfNoClosings() async throws {
    try await withPlace { place in
      let leader = try await place.collector()
      try await place.report(0..<2, to: leader)
      let follower = try await place.collector(isFollowing: true)
      try await place.report(2..<4, to: leader)
      try await follower.catchUp()
      #expect(await follower.held.count == 4)
      var closings = follower.closedPeriods.makeAsyncIterator()
      #expect(await closings.next() == nil)
    }
  }

  /// Also one of the newest, each time that it is looked for: the others are as good as before, and it is told once.
  @Test func whatIsDamagedIsPassedOver() async throws {
    try await withPlace { place in
      let leader = try await place.collector()
      try await place.report(0..<12, to: leader)
      let store = HookedStore(try SQLiteStore(path: place.path))
      let follower = try await place.collector(isFollowing: true, store: store)
      let told = Mutex<[String]>([])
      await follower.tell(ofDamage: { text in told.withLock { $0.append(text) } })
      store.onCalls { call, moment in
        if call == .traffic(Period.of(12)), moment == .before { throw StoreError(.damaged, "it is damaged") }
      }
      try await place.report(12..<14, to: leader)
      for _ in 0..<3 { try await follower.catchUp() }
      #expect(await follower.held.last?.period == Period.of(13))
      #expect(await follower.open.isEmpty)
      let words = "the period from \(Period.of(12).start) can't be read, and is left out: it is damaged"
      #expect(told.withLock { $0 } == [words])
      // Restored, it is there again.
      store.onCalls { _, _ in }
      try await follower.catchUp()
      #expect(try await follower.means(to: 14) == [6.5, 6.5])
    }
  }

  /// Of thirty damaged periods twenty are told, the last of these saying that it is the last.
  @Test func ofMuchDamageLittleIsTold() async throws {
    try await withPlace { place in
      let leader = try await place.collector()
      try await place.report(0..<1, to: leader)
      let store = HookedStore(try SQLiteStore(path: place.path))
      let follower = try await place.collector(isFollowing: true, store: store)
      let told = Mutex<[String]>([])
      await follower.tell(ofDamage: { text in told.withLock { $0.append(text) } })
      store.onCalls { call, moment in
        if case .traffic = call, moment == .before { throw StoreError(.damaged, "it is damaged") }
      }
      for number in 1..<31 as Range<Int64> {
        try await place.report(number..<number + 1, to: leader)
        try await follower.catchUp()
      }
      let texts = told.withLock { $0 }
      #expect(texts.count == 20)
      #expect(texts.last?.hasSuffix("So are 19 others; of more nothing will be said.") == true)
    }
  }

  /// Of what nobody takes, as many as are in memory anyway.
  @Test func closedPeriodsThatNobodyTakesAreBounded() async throws {
    try await withPlace { place in
      let collector = try await place.collector(held: 5)
      try await place.report(0..<20, to: collector)
      var closings = collector.closedPeriods.makeAsyncIterator()
      for number in 15..<20 as Range<Int64> { #expect(await closings.next()?.period == Period.of(number)) }
      try await place.report(20..<21, to: collector)
      #expect(await closings.next()?.period == Period.of(20))
    }
  }

  @Test func whatAnotherRollsUpIsFollowed() async throws {
    try await withPlace { place in
      let leader = try await place.collector(rollUps: [RollUp(length: 60_000_000_000, age: 120_000_000_000)])
      try await place.report(0..<12, to: leader)
      let follower = try await place.collector(isFollowing: true)
      _ = await follower.fill()
      #expect(await follower.held.count == 12)
      place.clock.set(seconds: 365)
      await leader.rollUpWhatIsOld()
      try await follower.catchUp()
      #expect(await follower.held.map(\.period) == leader.held.map(\.period))
      #expect(try await follower.means(to: 12) == [5.5, 5.5])
    }
  }

  @Test func memoryIsBounded() async throws {
    try await withPlace { place in
      let collector = try await place.collector(bytes: 1)
      try await place.report(0..<20, to: collector)
      #expect(await collector.held.map(\.period) == (12..<20).map { Period.of($0) })
      #expect(try await collector.means(to: 20) == [9.5, 9.5])
    }
  }

  @Test func oldPeriodsAreRolledUp() async throws {
    try await withPlace { place in
      let levels = [
        RollUp(length: 60_000_000_000, age: 120_000_000_000), RollUp(length: 120_000_000_000, age: 190_000_000_000),
      ]
      let collector = try await place.collector(rollUps: levels)
      try await place.report(0..<12, to: collector)
      place.clock.set(seconds: 365)
      // Of a minute until 240, of two until 120.
      await collector.rollUpWhatIsOld()
      let rolled =
        [Period.of(0, seconds: 120), Period.of(2, seconds: 60), Period.of(3, seconds: 60)]
        + (8..<12).map { Period.of($0) }
      for collector in [collector, try await place.collector(rollUps: levels)] {
        #expect(await collector.held.map(\.period) == rolled)
        #expect(await collector.held.allSatisfy(\.isComplete))
        #expect(await collector.length == 30_000_000_000)
        #expect(try await collector.means(to: 12) == [5.5, 5.5])
        // All of a period that is touched: (0 + 1 + 2 + 3) / 4.
        #expect(try await collector.means(from: 1, to: 2) == [1.5, 1.5])
        let late = SensorReport(host: "c1", incarnation: 1, sequence: 1, period: Period.of(7))
        await #expect(throws: ReportRefusal.self) { try await collector.take(late) }
        await collector.rollUpWhatIsOld()
        #expect(await collector.held.map(\.period) == rolled)
      }
      // One that isn't rolled up is amended as ever.
      try await collector.take(
        SensorReport(
          host: "c1", incarnation: 1, sequence: 1, period: Period.of(8),
          received: [.init(source: .name("vm1"), destination: .name("vm2"), counts: PairCounts(packets: 12))]))
      while await collector.held[3].rows.first?.counts.packets == 8 { try? await Task.sleep(for: .milliseconds(2)) }
      #expect(try await collector.means(from: 8, to: 9) == [20, 8])
    }
  }

  @Test func whatRollUpsMayBe() throws {
    let day: Int64 = 86_400_000_000_000
    #expect(try RollUp.list(reading: "5m,1h") == [
      RollUp(length: 300_000_000_000, age: day), RollUp(length: 3_600_000_000_000, age: 12 * day),
    ])
    #expect(try RollUp.list(reading: "10m@7d") == [RollUp(length: 600_000_000_000, age: 7 * day)])
    for text in ["", "5m,", "5", "7m", "2h", "30s", "5m@", "5m@1m", "5m@never", "1h,5m", "5m,15m@1h", "20m,30m", "5m,5m"] {
      #expect(throws: RollUp.Problem.self, "\(text)") { try RollUp.list(reading: text) }
    }
  }
}

extension Collector {
  /// As `run` does when it is time.
  fileprivate func closeInTime() async {
    let running = Task { try await run() }
    while open.values.contains(where: { !$0.isEmpty }) { try? await Task.sleep(for: .milliseconds(2)) }
    running.cancel()
  }
}
