internal import FoundationEssentials
internal import GRDB
package import Model
package import Traffic

extension SQLiteStore {
  package func reports(of period: Period) async throws -> [SensorReport] {
    let path = path
    return try await read { database in
      try Data.fetchAll(
        database,
        sql: "SELECT content FROM report WHERE start = ? AND length = ? ORDER BY host, incarnation, sequence",
        arguments: [period.start.nanoseconds, period.length]
      ).map { try ReportRow.report(from: $0, in: path) }
    }
  }

  package func periods(last count: Int, from start: Timestamp, to end: Timestamp) async throws -> [Period] {
    try await read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT start, length FROM report WHERE start >= ?1 AND start < ?2
          UNION SELECT start, length FROM closing WHERE start >= ?1 AND start < ?2
          ORDER BY start DESC, length DESC LIMIT ?3
          """,
        arguments: [start.nanoseconds, end.nanoseconds, count]
      ).reversed().map { Period(start: Timestamp(nanoseconds: $0[0]), length: $0[1]) }
    }
  }

  package func save(_ closing: PeriodClosing) async throws {
    try await write(
      "INSERT OR REPLACE INTO closing (start, length, hosts) VALUES (?, ?, ?)",
      [closing.period.start.nanoseconds, closing.period.length, try closing.packedHosts])
  }

  package func closing(of period: Period) async throws -> PeriodClosing? {
    let path = path
    return try await read { database in
      let hosts = try Data.fetchOne(
        database, sql: "SELECT hosts FROM closing WHERE start = ? AND length = ?",
        arguments: [period.start.nanoseconds, period.length])
      return try hosts.map { try PeriodClosing(period: period, packedHosts: $0, in: path) }
    }
  }
}
