import Foundation
import Model
import Storage
import Testing
import Traffic

/// What holds of every store.
@Suite(.timeLimit(.minutes(2))) struct StoreTests {
  private static let ever = (start: Timestamp(nanoseconds: .min), end: Timestamp(nanoseconds: .max))

  @Test(arguments: StoreKind.allCases) func reportsAreTakenOnceAndFoundAgain(kind: StoreKind) async throws {
    try await withStorePlace(kind) { place in
      let reports = [
        SensorReport.sample(sequence: 1), .sample(host: "b1", incarnation: .max, sequence: .max),
        .sample(sequence: 2, period: 1),
      ]
      do {
        let store = try await place.open()
        for report in reports { #expect(try await store.save(report)) }
        #expect(try await !store.save(.sample(sequence: 1, packets: 8)))
      }
      let store = try await place.open()
      #expect(try await !store.save(reports[1]))
      #expect(try await store.reports(of: .sample(0)) == Array(reports[0...1]))
      #expect(try await store.reports(of: .sample(1)) == [reports[2]])
      #expect(try await store.reports(of: .sample(2)) == [])
      #expect(
        try await store.periods(last: 9, from: Self.ever.start, to: Self.ever.end) == [.sample(0), .sample(1)])
      #expect(
        try await store.periods(last: 1, from: Self.ever.start, to: Period.sample(1).start) == [.sample(0)])
    }
  }

  @Test(arguments: StoreKind.allCases) func reportsOfManyHostsAtOnceAreAllKept(kind: StoreKind) async throws {
    try await withStorePlace(kind) { place in
      let store = try await place.open()
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for host in 0..<600 { group.addTask { try await store.save(.sample(host: "h\(host % 300)", sequence: 1)) } }
        let new = try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        #expect(new == 300)
      }
      #expect(try await store.reports(of: .sample(0)).count == 300)
    }
  }

  @Test(arguments: StoreKind.allCases) func aLargeReportIsKeptWhole(kind: StoreKind) async throws {
    try await withStorePlace(kind) { place in
      var report = SensorReport.sample(sequence: 1)
      // More than a commit holds otherwise (8 MiB).
      report.received = (0..<150_000).map { number in
        .init(
          source: .name("a-rather-long-name-of-a-machine-which-is-number-\(number)"), destination: .name("vm1"),
          counts: PairCounts(packets: UInt64(number)))
      }
      let store = try await place.open()
      #expect(try await store.save(report))
      #expect(try await store.save(.sample(sequence: 2)))
      let kept = try await store.reports(of: .sample(0))
      #expect(kept.first == report)
      #expect(kept.count == 2)
    }
  }

  @Test(arguments: StoreKind.allCases) func onlyTheNewestPeriodsAreRetained(kind: StoreKind) async throws {
    try await withStorePlace(kind) { place in
      try await place.lead(retainedPeriods: 2) { store in
        for (sequence, period) in [0, 1, 5, 7].enumerated() {
          for host in ["a1", "b1"] {
            try await store.save(.sample(host: host, sequence: UInt64(sequence + 1), period: Int64(period)))
          }
          try await store.save(try await store.merged(.sample(Int64(period))))
        }
        #expect(
          try await store.periods(last: 9, from: Self.ever.start, to: Self.ever.end) == [.sample(5), .sample(7)])
        #expect(try await store.reports(of: .sample(1)) == [])
        #expect(try await store.traffic(of: .sample(1), like: nil) == nil)
        #expect(try await store.traffic(of: .sample(5), like: nil)?.hosts == ["a1", "b1"])
      }
    }
  }

  @Test(arguments: StoreKind.allCases) func aMergedPeriodStandsForItsReports(kind: StoreKind) async throws {
    try await withStorePlace(kind) { place in
      let reports = ["a1", "b1", "c1"].map { SensorReport.sample(host: $0, sequence: 1) }
      let merged = GlobalPeriod(period: .sample(0), reports: reports[..<2], expectedHosts: ["a1", "b1", "c1"])
      try await place.lead { store in
        for report in reports { try await store.save(report) }
        // The third came while the others were merged.
        try await store.save(merged)
        #expect(try await store.reports(of: .sample(0)) == [reports[2]])
        // They are known all the same.
        for report in reports { #expect(try await !store.save(report)) }
        #expect(try await store.traffic(of: .sample(0), like: nil) == merged)
      }
      let store = try await place.open()
      let kept = try #require(try await store.traffic(of: .sample(0), like: nil))
      #expect(kept == merged)
      #expect(kept.missingHosts == ["c1"])
      let late = try await store.reports(of: .sample(0))
      let amended = kept.amended(by: late)
      #expect(amended == GlobalPeriod(period: .sample(0), reports: reports, expectedHosts: []))
      try await place.lead { store in try await store.save(amended) }
      #expect(try await store.reports(of: .sample(0)) == [])
      #expect(try await store.traffic(of: .sample(0), like: kept) == amended)
    }
  }

  @Test(arguments: StoreKind.allCases) func aPeriodThatNobodyHasReportedIsOne(kind: StoreKind) async throws {
    try await withStorePlace(kind) { place in
      let silent = GlobalPeriod(period: .sample(0), reports: [], expectedHosts: ["b1", "a1"])
      try await place.lead { store in try await store.save(silent) }
      let store = try await place.open()
      #expect(try await store.traffic(of: .sample(0), like: nil)?.missingHosts == ["a1", "b1"])
      #expect(try await store.periods(last: 9, from: Self.ever.start, to: Self.ever.end) == [.sample(0)])
    }
  }

  @Test(arguments: StoreKind.allCases) func rolledUpPeriodsStandForAllOfTheirSpan(kind: StoreKind) async throws {
    try await withStorePlace(kind) { place in
      let span = Period(start: Period.sample(0).start, length: 60_000_000_000)
      try await place.lead { store in
        for period in 0..<3 as Range<Int64> {
          try await store.save(.sample(sequence: UInt64(period + 1), period: period))
        }
        let parts = [try await store.merged(.sample(0)), try await store.merged(.sample(1))]
        try await store.save(parts[0])
        let rolled = try #require(GlobalPeriod(rollingUp: parts, into: span))
        // Once more changes nothing.
        for _ in 0..<2 {
          try await store.rollUp(rolled)
          #expect(
            try await store.periods(last: 9, from: Self.ever.start, to: Self.ever.end) == [span, .sample(2)])
          #expect(try await store.traffic(of: span, like: nil) == rolled)
          #expect(try await store.traffic(of: .sample(0), like: nil) == nil)
          #expect(try await store.reports(of: .sample(1)) == [])
        }
        #expect(try await store.reports(of: .sample(2)).count == 1)
        let room = try await store.room()
        #expect(room.used > 0)
        #expect((room.free ?? 0 > 0) == (kind == .sqlite))
      }
    }
  }

  @Test(arguments: StoreKind.allCases) func decisionsAreReplacedByName(kind: StoreKind) async throws {
    try await withStorePlace(kind) { place in
      try await place.lead { store in
        try await store.save(StoredApplication(name: "mg", document: "name: mg"))
        try await store.save(StoredApplication(name: "cg", document: "name: cg"))
        try await store.save(StoredApplication(name: "cg", document: "name: cg\n", settings: Data([1, 0])))
        try await store.save(StoredApplication(name: "is", document: ""))
        try await store.removeApplication(named: "is")
        try await store.removeApplication(named: "never there")
        for number in [3, 1, 2] as [Int64] {
          try await store.save(
            StoredPlan(
              identifier: "p\(number)", application: number == 2 ? "mg" : "cg", created: .init(nanoseconds: number),
              content: Data([UInt8(number)])))
        }
        try await store.save(
          StoredPlan(identifier: "p1", application: "cg", created: .init(nanoseconds: 1), content: Data([9, 0])))
        try await store.set(Data("x".utf8), forKey: "paused")
        try await store.set(Data(), forKey: "empty")
        try await store.set(Data("y".utf8), forKey: "paused")
        try await store.set(Data("z".utf8), forKey: "gone")
        try await store.set(nil, forKey: "gone")
      }
      let store = try await place.open()
      #expect(
        try await store.applications() == [
          StoredApplication(name: "cg", document: "name: cg\n", settings: Data([1, 0])),
          StoredApplication(name: "mg", document: "name: mg"),
        ])
      #expect(try await store.plans().map(\.identifier) == ["p1", "p2", "p3"])
      #expect(try await store.plans().first?.content == Data([9, 0]))
      #expect(try await store.plans(last: 1, of: "cg").map(\.content) == [Data([3])])
      #expect(try await store.value(forKey: "paused") == Data("y".utf8))
      #expect(try await store.value(forKey: "empty") == Data())
      #expect(try await store.value(forKey: "gone") == nil)
    }
  }

  @Test(arguments: StoreKind.allCases) func textsAreValuesAndSortedByTheirBytes(kind: StoreKind) async throws {
    try await withStorePlace(kind) { place in
      let names = ["$1", "'; DROP TABLE report; --", "B", "\\", "a", "naïve 日本\n", "é"]
      try await place.lead { store in
        for name in names.reversed() { try await store.save(StoredApplication(name: name, document: name + name)) }
      }
      let applications = try await place.open().applications()
      #expect(applications.map(\.name) == names)
      #expect(applications.map(\.document) == names.map { $0 + $0 })
    }
  }

  @Test(arguments: StoreKind.allCases) func theLatestEventsAreKeptInTheirOrder(kind: StoreKind) async throws {
    try await withStorePlace(kind) { place in
      let store = try await place.open()
      func event(_ number: Int) -> StoredEvent {
        StoredEvent(time: Timestamp(nanoseconds: -Int64(number)), content: Data("\(number)".utf8))
      }
      try await store.append([])
      try await store.append([event(1), event(2)])
      try await store.append([event(3)])
      #expect(try await place.open().events(last: 2) == [event(2), event(3)])
      try await store.append((4..<StoredEvent.retained + 4).map(event))
      let kept = try await store.events(last: .max)
      #expect(kept.count == StoredEvent.retained)
      #expect(kept.first == event(4))
    }
  }

  @Test(arguments: StoreKind.allCases) func newReportsAreTold(kind: StoreKind) async throws {
    try await withStorePlace(kind) { place in
      let store = try await place.open()
      try await store.save(.sample(sequence: 1))
      var arrivals = try await store.arrivals().makeAsyncIterator()
      try await store.save(.sample(sequence: 1))
      try await store.save(.sample(sequence: 2, period: 1))
      try await store.save(.sample(sequence: 3, period: 0))
      #expect(await arrivals.next() == ReportArrival(period: .sample(1), isOwn: true))
      #expect(await arrivals.next() == ReportArrival(period: .sample(0), isOwn: true))
    }
  }

  @Test(arguments: StoreKind.allCases) func epochsGrow(kind: StoreKind) async throws {
    try await withStorePlace(kind) { place in
      let store = try await place.open()
      #expect(try await store.leader() == nil)
      let first = try #require(try await store.takeLease(as: "c1", for: .seconds(3600), above: 0))
      #expect(first.epoch == 1)
      #expect(try await store.leader() == Leader(holder: "c1", epoch: 1))
      let renewed = try await store.renew(first)
      #expect(renewed.epoch == 1)
      #expect(renewed.validUntil > first.validUntil)
      try await store.release(renewed)
      let second = try await place.open()
      let lease = try #require(try await second.takeLease(as: "c2", for: .seconds(3600), above: 41))
      #expect(lease.epoch == 42)
      #expect(try await store.leader() == Leader(holder: "c2", epoch: 42))
      // A host has heard of one that a lost database has known.
      let leading = second.leading(under: lease)
      #expect(try await leading.raiseEpoch(above: 99) == 100)
      #expect(try await leading.raiseEpoch(above: 42) == 100)
      #expect(try await second.renew(lease).epoch == 100)
      try await leading.set(Data("on".utf8), forKey: "paused")
      #expect(try await store.leader() == Leader(holder: "c2", epoch: 100))
    }
  }
}

extension Store {
  /// All that it has of a period, as its leader would merge it.
  func merged(_ period: Period) async throws -> GlobalPeriod {
    GlobalPeriod(period: period, reports: try await reports(of: period), expectedHosts: ["a1"])
  }
}
