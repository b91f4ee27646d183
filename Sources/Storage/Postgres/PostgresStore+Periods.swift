internal import FoundationEssentials
package import Model

extension PostgresStore {
  package func periods(last count: Int, from start: Timestamp, to end: Timestamp) async throws -> [Period] {
    let newestFirst = try await core.rows(
      """
      SELECT start, length FROM transhumance.arrival WHERE start >= $1 AND start < $2
      UNION SELECT start, length FROM transhumance.closing WHERE start >= $1 AND start < $2
      ORDER BY start DESC, length DESC LIMIT $3
      """, [.integer(start.nanoseconds), .integer(end.nanoseconds), .integer(Int64(count))]
    ) { row throws(PostgresFailure) in
      Period(start: Timestamp(nanoseconds: try row.integer(0)), length: try row.integer(1))
    }
    return newestFirst.reversed()
  }

  package func save(_ closing: PeriodClosing) async throws {
    try await lead(
      """
      INSERT INTO transhumance.closing (start, length, hosts) SELECT $4, $5, $6 FROM turn
      ON CONFLICT (start, length) DO UPDATE SET hosts = excluded.hosts
      """,
      [.integer(closing.period.start.nanoseconds), .integer(closing.period.length), .bytes(try closing.packedHosts)])
  }

  package func closing(of period: Period) async throws -> PeriodClosing? {
    let hosts = try await core.rows(
      "SELECT hosts FROM transhumance.closing WHERE start = $1 AND length = $2",
      [.integer(period.start.nanoseconds), .integer(period.length)]
    ) { row in row.bytes(0) }
    return try hosts.first.map { try PeriodClosing(period: period, packedHosts: $0, in: core.address.description) }
  }
}
