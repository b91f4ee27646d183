internal import Foundation
internal import GRDB
package import Model
package import Traffic

extension SQLiteStore {
  package func reports(of period: Period) async throws -> [SensorReport] {
    let path = path
    let contents = try await read { database in
      try Data.fetchAll(
        database,
        sql: """
          SELECT content FROM report WHERE start = ? AND length = ? AND length(content) > 0
          ORDER BY host, incarnation, sequence
          """,
        arguments: [period.start.nanoseconds, period.length])
    }
    // Here, not while a connection is kept from others.
    return try contents.map { try ReportRow.report(from: $0, in: path) }
  }

  package func periods(last count: Int, from start: Timestamp, to end: Timestamp) async throws -> [Period] {
    try await read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT * FROM (
            SELECT DISTINCT start, length FROM report WHERE length(content) > 0 AND start >= ?1 AND start < ?2
            ORDER BY start DESC, length DESC LIMIT ?3)
          UNION SELECT * FROM (
            SELECT start, length FROM traffic WHERE start >= ?1 AND start < ?2
            ORDER BY start DESC, length DESC LIMIT ?3)
          ORDER BY start DESC, length DESC LIMIT ?3
          """,
        arguments: [start.nanoseconds, end.nanoseconds, count]
      ).reversed().map { Period(start: Timestamp(nanoseconds: $0[0]), length: $0[1]) }
    }
  }

  package func save(_ traffic: GlobalPeriod) async throws {
    let (row, retainedPeriods) = (TrafficRow(traffic), retainedPeriods)
    try await write { database in
      try row.put(into: database)
      for report in traffic.reports { try report.empty(in: database) }
      if let retainedPeriods { try Self.removePeriods(before: retainedPeriods, in: database) }
    }
  }

  package func traffic(of period: Period, like previous: GlobalPeriod?) async throws -> GlobalPeriod? {
    let path = path
    let content = try await read { database in
      try Data.fetchOne(
        database, sql: "SELECT content FROM traffic WHERE start = ? AND length = ?",
        arguments: [period.start.nanoseconds, period.length])
    }
    return try content.map { try TrafficRow.traffic(from: $0, of: period, like: previous, in: path) }
  }

  package func rollUp(_ traffic: GlobalPeriod) async throws {
    let row = TrafficRow(traffic)
    let span: StatementArguments = [row.period.start.nanoseconds, row.period.end.nanoseconds]
    try await write { database in
      for table in ["traffic", "report"] {
        try database.execute(
          sql: "DELETE FROM \(table) WHERE start >= ?1 AND start < ?2 AND start + length <= ?2", arguments: span)
      }
      try row.put(into: database)
    }
  }

  package func room() async throws -> StoreRoom {
    let used = try await read { database in
      let pages = try Int64.fetchOne(database, sql: "PRAGMA page_count") ?? 0
      return try pages * (Int64.fetchOne(database, sql: "PRAGMA page_size") ?? 0)
    }
    let free = try? FileManager.default.attributesOfFileSystem(forPath: path)[.systemFreeSize]
    // Foundation has it as either.
    return StoreRoom(
      used: used, free: (free as? UInt64).map { Int64(clamping: $0) } ?? (free as? NSNumber)?.int64Value)
  }

  private static func removePeriods(before count: Int, in database: Database) throws {
    let oldest = try Int64.fetchOne(
      database, sql: "SELECT DISTINCT start FROM traffic ORDER BY start DESC LIMIT 1 OFFSET ?", arguments: [count - 1])
    guard let oldest else { return }
    try database.execute(sql: "DELETE FROM report WHERE start < ?", arguments: [oldest])
    try database.execute(sql: "DELETE FROM traffic WHERE start < ?", arguments: [oldest])
  }
}

extension TrafficRow {
  func put(into database: Database) throws {
    try database.cachedStatement(sql: "INSERT OR REPLACE INTO traffic (start, length, content) VALUES (?, ?, ?)")
      .execute(arguments: [period.start.nanoseconds, period.length, content])
  }
}

extension ReportKey {
  /// What it said is in the period's traffic; that it was there is remembered.
  func empty(in database: Database) throws {
    try database.cachedStatement(
      sql: """
        UPDATE report SET content = x'' WHERE host = ? AND incarnation = ? AND sequence = ? AND length(content) > 0
        """
    ).execute(arguments: [host, Int64(bitPattern: incarnation), Int64(bitPattern: sequence)])
  }
}
