import Foundation
import GRDB
import Model
import Storage
import Testing
import Traffic

/// Stores of earlier versions: reports of closed periods were kept as they came, and which hosts ought to have sent some.
@Suite(.timeLimit(.minutes(2))) struct MigrationTests {
  private static let hosts = Data(#"["a1","b1","c1"]"#.utf8)

  /// Turned back into one of the version before merged periods were kept: the tables are those that it made.
  private func age(_ place: StorePlace) async throws {
    switch place.kind {
    case .sqlite:
      let database = try DatabaseQueue(path: place.address)
      try await database.write { database in
        try database.execute(
          sql: """
            DROP INDEX report_to_be_merged;
            DROP TABLE traffic;
            CREATE TABLE closing (
              start INTEGER NOT NULL, length INTEGER NOT NULL, hosts BLOB NOT NULL, PRIMARY KEY (start, length)
            ) STRICT, WITHOUT ROWID;
            PRAGMA user_version = 3;
            """)
        try database.execute(
          sql: "INSERT INTO closing VALUES (?, ?, ?)",
          arguments: [Period.sample(0).start.nanoseconds, Period.sample(0).length, Self.hosts])
      }
      try database.close()
    case .postgres:
      let server = try PostgresServer.shared.get()
      let hosts = Self.hosts.map { String(format: "%02x", $0) }.joined()
      let period = Period.sample(0)
      for statement in [
        "DROP TABLE transhumance.traffic",
        "CREATE TABLE transhumance.closing (start bigint NOT NULL, length bigint NOT NULL, hosts bytea NOT NULL, PRIMARY KEY (start, length))",
        "INSERT INTO transhumance.closing VALUES (\(period.start.nanoseconds), \(period.length), decode('\(hosts)', 'hex'))",
        "UPDATE transhumance.format SET version = 1",
      ] { try server.sql(statement, in: place.address) }
    }
  }

  @Test(arguments: StoreKind.allCases) func closedPeriodsAreMerged(kind: StoreKind) async throws {
    try await withStorePlace(kind) { place in
      let reports: [SensorReport] = [
        .sample(host: "a1", sequence: 1), .sample(host: "b1", incarnation: .max, sequence: .max),
      ]
      do {
        let store = try await place.open()
        for report in reports { try await store.save(report) }
        // Of a period that wasn't closed.
        try await store.save(.sample(sequence: 2, period: 1))
      }
      try await age(place)
      let store = try await place.open()
      let kept = try #require(try await store.traffic(of: .sample(0), like: nil))
      #expect(kept == GlobalPeriod(period: .sample(0), reports: reports, expectedHosts: ["a1", "b1", "c1"]))
      #expect(kept.missingHosts == ["c1"])
      #expect(try await store.reports(of: .sample(0)) == [])
      for report in reports { #expect(try await !store.save(report)) }
      #expect(try await store.traffic(of: .sample(1), like: nil) == nil)
      #expect(try await store.reports(of: .sample(1)) == [.sample(sequence: 2, period: 1)])
      let ever = (Timestamp(nanoseconds: .min), Timestamp(nanoseconds: .max))
      #expect(try await store.periods(last: 9, from: ever.0, to: ever.1) == [.sample(0), .sample(1)])
      // Once more there is nothing to be done.
      #expect(try await place.open().traffic(of: .sample(0), like: nil) == kept)
    }
  }

  /// One report in which nothing makes sense keeps nobody from the others; nor is it thrown away.
  @Test(arguments: StoreKind.allCases) func whatCannotBeReadIsSetAside(kind: StoreKind) async throws {
    try await withStorePlace(kind) { place in
      let good = SensorReport.sample(host: "a1", sequence: 1)
      do {
        let store = try await place.open()
        try await store.save(good)
        try await store.save(.sample(host: "b1", sequence: 7))
      }
      try await age(place)
      let set: (Int) async throws -> Void
      switch place.kind {
      case .sqlite:
        let database = try DatabaseQueue(path: place.address)
        try await database.write { try $0.execute(sql: "UPDATE report SET content = x'ffff' WHERE host = 'b1'") }
        try database.close()
        set = { count in
          let database = try DatabaseQueue(path: place.address)
          let aside = try await database.read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM damaged_report WHERE host = 'b1' AND content = x'ffff'")
          }
          #expect(aside == count)
        }
      case .postgres:
        let server = try PostgresServer.shared.get()
        try server.sql(
          "UPDATE transhumance.report SET content = decode('ffff', 'hex') WHERE host = 'b1'", in: place.address)
        set = { count in
          // Divides by 0 where there are others.
          try server.sql(
            "SELECT 1 / (count(*) = \(count))::int FROM transhumance.damaged_report WHERE host = 'b1' AND content = decode('ffff', 'hex')",
            in: place.address)
        }
      }
      for _ in 0..<2 {
        let store = try await place.open()
        let kept = try #require(try await store.traffic(of: .sample(0), like: nil))
        #expect(kept == GlobalPeriod(period: .sample(0), reports: [good], expectedHosts: ["a1", "b1", "c1"]))
        #expect(try await store.reports(of: .sample(0)) == [])
        let events = try await store.events(last: 9)
        #expect(events.count == 1)
        let text = String(decoding: events.first?.content ?? Data(), as: UTF8.self)
        #expect(text.contains("the report 7 of b1") && text.contains("damaged_report"), "\(text)")
      }
      try await set(1)
    }
  }

  /// Which hosts ought to have reported isn't known then.
  @Test(arguments: StoreKind.allCases) func withoutItsHostsAPeriodIsIncomplete(kind: StoreKind) async throws {
    try await withStorePlace(kind) { place in
      do { try await place.open().save(.sample(host: "a1", sequence: 1)) }
      try await age(place)
      switch place.kind {
      case .sqlite:
        let database = try DatabaseQueue(path: place.address)
        try await database.write { try $0.execute(sql: "UPDATE closing SET hosts = x'ffff'") }
        try database.close()
      case .postgres:
        try PostgresServer.shared.get().sql(
          "UPDATE transhumance.closing SET hosts = decode('ffff', 'hex')", in: place.address)
      }
      let kept = try #require(try await place.open().traffic(of: .sample(0), like: nil))
      #expect(kept.hosts == ["a1"] && kept.missingHosts == [] && !kept.isComplete)
    }
  }

  /// A blob that is sound, but another period's.
  @Test(arguments: StoreKind.allCases) func whatIsAnotherPeriodsIsRefused(kind: StoreKind) async throws {
    try await withStorePlace(kind) { place in
      try await place.lead { store in
        try await store.save(GlobalPeriod(period: .sample(0), reports: [], expectedHosts: ["a1"]))
      }
      let start = Period.sample(1).start.nanoseconds
      switch place.kind {
      case .sqlite:
        let database = try DatabaseQueue(path: place.address)
        try await database.write { try $0.execute(sql: "UPDATE traffic SET start = ?", arguments: [start]) }
        try database.close()
      case .postgres:
        try PostgresServer.shared.get().sql("UPDATE transhumance.traffic SET start = \(start)", in: place.address)
      }
      let store = try await place.open()
      let error = await #expect(throws: StoreError.self) { _ = try await store.traffic(of: .sample(1), like: nil) }
      #expect(error?.code == .damaged)
    }
  }
}
