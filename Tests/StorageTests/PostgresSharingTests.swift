import Foundation
import Model
import Storage
import Testing
import Traffic

/// Several controllers on one database.
@Suite(.timeLimit(.minutes(2))) struct PostgresSharingTests {
  private static let hour = Duration.seconds(3600)

  /// Two stores in one database, and its address.
  private func withTwoStores(_ body: (any Store, any Store, String) async throws -> Void) async throws {
    try await withStorePlace(.postgres) { place in
      try await body(try await place.open(), try await place.open(), place.address)
    }
  }

  private func run(_ statement: String, in address: String) throws {
    try PostgresServer.shared.get().sql(statement, in: address)
  }

  /// What only a leader may do, each with a name for messages.
  private static let leadersChanges: [(name: String, change: @Sendable (any Store) async throws -> Void)] = [
    ("application", { try await $0.save(StoredApplication(name: "cg", document: "old")) }),
    ("removal", { try await $0.removeApplication(named: "cg") }),
    (
      "plan",
      {
        try await $0.save(
          StoredPlan(identifier: "p1", application: "cg", created: .init(nanoseconds: 1), content: Data()))
      }
    ),
    (
      "merged period",
      { try await $0.save(GlobalPeriod(period: .sample(0), reports: [], expectedHosts: ["old"])) }
    ),
    (
      "rolled-up period",
      { try await $0.rollUp(GlobalPeriod(period: .sample(0), reports: [], expectedHosts: ["old"])) }
    ),
    ("setting", { try await $0.set(Data("old".utf8), forKey: "paused") }),
    ("setting removed", { try await $0.set(nil, forKey: "paused") }),
  ]

  private func refuses(_ store: any Store) async {
    for (name, change) in Self.leadersChanges {
      let error = await #expect(throws: StoreError.self, "\(name)") { try await change(store) }
      #expect(error?.code == .notLeading, "\(name)")
      #expect(error?.mayBeKept == false, "\(name)")
    }
  }

  @Test func oneLeadsAtATime() async throws {
    try await withTwoStores { first, second, address in
      await refuses(first)
      let lease = try #require(try await first.takeLease(as: "c1", for: Self.hour, above: 0))
      #expect(try await second.takeLease(as: "c2", for: Self.hour, above: 0) == nil)
      #expect(try await second.leader() == Leader(holder: "c1", epoch: 1))
      let leading = first.leading(under: lease)
      for (_, change) in Self.leadersChanges { try await change(leading) }
      try await first.release(lease)
      #expect(try await second.leader() == nil)
      await refuses(leading)
      #expect(try await second.takeLease(as: "c2", for: Self.hour, above: 0)?.epoch == 2)
      // Whoever has it may take it anew, and so leaves what it did before behind.
      #expect(try await second.takeLease(as: "c2", for: Self.hour, above: 0)?.epoch == 3)
    }
  }

  @Test func theOldLeadersChangesAreRefused() async throws {
    try await withTwoStores { first, second, address in
      let lease = try #require(try await first.takeLease(as: "c1", for: Self.hour, above: 0))
      let old = first.leading(under: lease)
      try await old.set(Data("first".utf8), forKey: "paused")
      // An hour passes by the server's clock. While nobody takes the lease it can be renewed.
      try run("UPDATE transhumance.lease SET expires = clock_timestamp()", in: address)
      try await old.set(Data("second".utf8), forKey: "paused")
      _ = try await first.renew(lease)
      #expect(try await second.takeLease(as: "c2", for: Self.hour, above: 0) == nil)
      try run("UPDATE transhumance.lease SET expires = clock_timestamp()", in: address)
      let other = second.leading(under: try #require(try await second.takeLease(as: "c2", for: Self.hour, above: 0)))
      try await other.set(Data("other".utf8), forKey: "paused")
      await refuses(old)
      let error = await #expect(throws: StoreError.self) { _ = try await first.renew(lease) }
      #expect(error?.code == .notLeading)
      // It gives back nothing that is another's.
      try await first.release(lease)
      #expect(try await second.leader() == Leader(holder: "c2", epoch: 2))
      #expect(try await first.value(forKey: "paused") == Data("other".utf8))
      #expect(try await first.applications() == [])
      // Hosts reach any controller, and what it has seen is no decision.
      #expect(try await old.save(.sample(sequence: 1)))
      try await old.append([StoredEvent(time: .init(nanoseconds: 1), content: Data("lost the lead".utf8))])
      #expect(try await second.events(last: 9).count == 1)
    }
  }

  /// Whoever rises goes on to lead, and to renew; whoever doesn't lead can't rise.
  @Test func onlyTheLeaderRises() async throws {
    try await withTwoStores { first, second, address in
      let lease = try #require(try await first.takeLease(as: "c1", for: Self.hour, above: 0))
      let leading = first.leading(under: lease)
      let numbers = Task {
        // Changes that are under way meanwhile are made.
        for number in 0..<50 { try await leading.set(Data("\(number)".utf8), forKey: "number") }
      }
      #expect(try await leading.raiseEpoch(above: 41) == 42)
      #expect(try await leading.raiseEpoch(above: 7) == 42)
      try await numbers.value
      #expect(try await second.value(forKey: "number") == Data("49".utf8))
      let renewed = try await first.renew(lease)
      #expect(renewed.epoch == 42)
      #expect(try await second.leader() == Leader(holder: "c1", epoch: 42))
      try run("UPDATE transhumance.lease SET expires = clock_timestamp()", in: address)
      #expect(try await second.takeLease(as: "c2", for: Self.hour, above: 0)?.epoch == 43)
      for store in [leading, second] {
        let error = await #expect(throws: StoreError.self) { _ = try await store.raiseEpoch(above: 99) }
        #expect(error?.code == .notLeading)
      }
      await refuses(leading)
      #expect(try await first.leader() == Leader(holder: "c2", epoch: 43))
    }
  }

  /// The answer was lost: whoever leads learns of it when it renews its lease, and goes on.
  @Test func whoHasRisenWithoutKnowingItLeadsOn() async throws {
    try await withTwoStores { first, _, address in
      let lease = try #require(try await first.takeLease(as: "c1", for: Self.hour, above: 0))
      let leading = first.leading(under: lease)
      try run("UPDATE transhumance.lease SET epoch = 42", in: address)
      await refuses(leading)
      #expect(try await leading.renew(lease).epoch == 42)
      for (name, change) in Self.leadersChanges {
        await #expect(throws: Never.self, "\(name)") { try await change(leading) }
      }
    }
  }

  @Test func aChangeWaitsForWhoTakesTheLease() async throws {
    try await withTwoStores { first, _, address in
      let lease = try #require(try await first.takeLease(as: "c1", for: Self.hour, above: 0))
      let taking = try PostgresServer.shared.get().slowTransaction(
        "UPDATE transhumance.lease SET epoch = epoch + 1, writer = 7 RETURNING 'taken'", in: address)
      #expect(taking.line(beginningWith: "taken") != nil)
      let error = await #expect(throws: StoreError.self) {
        try await first.leading(under: lease).set(Data(), forKey: "paused")
      }
      #expect(error?.code == .notLeading)
      #expect(try await first.value(forKey: "paused") == nil)
    }
  }

  @Test func aLeaseBeyondItsTermIsFree() async throws {
    try await withTwoStores { first, second, address in
      #expect(try await first.takeLease(as: "c1", for: Self.hour, above: 0) != nil)
      // What a server's clock that is set back by a day leaves.
      try run("UPDATE transhumance.lease SET expires = clock_timestamp() + interval '1 day'", in: address)
      #expect(try await second.takeLease(as: "c2", for: Self.hour, above: 0)?.epoch == 2)
    }
  }

  @Test func ofTwoThatSaveTheSameReportOneIsTold() async throws {
    try await withTwoStores { first, second, _ in
      let reports = (0..<200).map { SensorReport.sample(host: "h\($0 % 20)", sequence: UInt64($0 / 20 + 1)) }
      let new = try await withThrowingTaskGroup(of: Bool.self) { group in
        // In opposite orders, so that their commits get in each other's way.
        for report in reports { group.addTask { try await first.save(report) } }
        for report in reports.reversed() { group.addTask { try await second.save(report) } }
        return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(new == reports.count)
      #expect(try await second.reports(of: .sample(0)).count == reports.count)
    }
  }

  @Test func whatOthersSaveIsTold() async throws {
    try await withTwoStores { first, second, address in
      try await second.save(.sample(sequence: 1))
      // A transaction that goes on has everything after it looked at again and again.
      let lasting = try PostgresServer.shared.get().slowTransaction(
        "SELECT 'begun' FROM pg_current_xact_id()", in: address)
      #expect(lasting.line(beginningWith: "begun") != nil)
      var arrivals = try await first.arrivals().makeAsyncIterator()
      // Each time exactly once, or the next would be another.
      for (sequence, period) in [3, 5, 3, 4].enumerated() {
        try await second.save(.sample(sequence: UInt64(sequence + 2), period: Int64(period)))
        #expect(await arrivals.next() == ReportArrival(period: .sample(Int64(period)), isOwn: false))
      }
      try await first.save(.sample(host: "b1", sequence: 1, period: 9))
      #expect(await arrivals.next() == ReportArrival(period: .sample(9), isOwn: true))
      #expect(try await !second.save(.sample(host: "b1", sequence: 1, period: 9)))
      try await second.save(.sample(host: "b1", sequence: 2, period: 9))
      #expect(await arrivals.next() == ReportArrival(period: .sample(9), isOwn: false))
    }
  }

  @Test func manyControllersStartAtOnce() async throws {
    try await withStorePlace(.postgres) { place in
      let epochs = try await withThrowingTaskGroup(of: Int64?.self) { group in
        for number in 0..<6 {
          group.addTask {
            try await place.open().takeLease(as: "c\(number)", for: Self.hour, above: 0)?.epoch
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(epochs.compactMap { $0 } == [1])
    }
  }
}
