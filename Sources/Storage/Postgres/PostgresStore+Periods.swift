internal import FoundationEssentials
package import Model
package import Traffic

extension PostgresStore {
  package func periods(last count: Int, from start: Timestamp, to end: Timestamp) async throws -> [Period] {
    let newestFirst = try await core.rows(
      """
      (SELECT DISTINCT start, length FROM transhumance.arrival WHERE start >= $1 AND start < $2
       ORDER BY start DESC, length DESC LIMIT $3)
      UNION
      (SELECT start, length FROM transhumance.traffic WHERE start >= $1 AND start < $2
       ORDER BY start DESC, length DESC LIMIT $3)
      ORDER BY start DESC, length DESC LIMIT $3
      """, [.integer(start.nanoseconds), .integer(end.nanoseconds), .integer(Int64(count))]
    ) { row throws(PostgresFailure) in
      Period(start: Timestamp(nanoseconds: try row.integer(0)), length: try row.integer(1))
    }
    return newestFirst.reversed()
  }

  package func reports(of period: Period) async throws -> [SensorReport] {
    let contents = try await core.rows(
      """
      SELECT content FROM transhumance.report WHERE start = $1 AND length = $2 AND octet_length(content) > 0
      ORDER BY host, incarnation, sequence
      """, [.integer(period.start.nanoseconds), .integer(period.length)]
    ) { row in row.bytes(0) }
    // Here, not on the thread of the connection, which others wait for.
    return try contents.map { try ReportRow.report(from: $0, in: core.address.description) }
  }

  package func save(_ traffic: GlobalPeriod) async throws {
    let row = TrafficRow(traffic)
    try await lead(
      [
        """
        INSERT INTO transhumance.traffic (start, length, content) SELECT $4, $5, $6 FROM turn
        ON CONFLICT (start, length) DO UPDATE SET content = excluded.content
        """,
        """
        UPDATE transhumance.report SET content = '' FROM turn, unnest($7, $8, $9) AS own (host, incarnation, sequence)
        WHERE report.host = own.host AND report.incarnation = own.incarnation AND report.sequence = own.sequence
          AND octet_length(content) > 0
        """,
      ],
      [
        .integer(row.period.start.nanoseconds), .integer(row.period.length), .bytes(row.content),
        .texts(traffic.reports.map(\.host)), .integers(traffic.reports.map { Int64(bitPattern: $0.incarnation) }),
        .integers(traffic.reports.map { Int64(bitPattern: $0.sequence) }),
      ])
    guard let retainedPeriods = core.retainedPeriods else { return }
    // A statement of its own: it counts the period that was put in.
    try await lead(Self.removals, [.integer(Int64(retainedPeriods - 1))])
  }

  package func rollUp(_ traffic: GlobalPeriod) async throws {
    let row = TrafficRow(traffic)
    try await lead(
      [
        "DELETE FROM transhumance.report USING turn WHERE start >= $4 AND start < $5 AND start + length <= $5",
        "DELETE FROM transhumance.arrival USING turn WHERE start >= $4 AND start < $5 AND start + length <= $5",
        // What stays is what is put in its place.
        """
        DELETE FROM transhumance.traffic USING turn
        WHERE start >= $4 AND start < $5 AND start + length <= $5 AND NOT (start = $4 AND length = $6)
        """,
        """
        INSERT INTO transhumance.traffic (start, length, content) SELECT $4, $6, $7 FROM turn
        ON CONFLICT (start, length) DO UPDATE SET content = excluded.content
        """,
      ],
      [
        .integer(row.period.start.nanoseconds), .integer(row.period.end.nanoseconds), .integer(row.period.length),
        .bytes(row.content),
      ])
  }

  /// Its server's disk isn't known.
  package func room() async throws -> StoreRoom {
    let used = try await core.rows("SELECT pg_database_size(current_database())") { row throws(PostgresFailure) in
      try row.integer(0)
    }
    return StoreRoom(used: used.first ?? 0, free: nil)
  }

  /// Of what is older than so many periods.
  private static let removals: [PostgresSQL] = [
    """
    DELETE FROM transhumance.report USING turn WHERE start < (
      SELECT DISTINCT start FROM transhumance.traffic ORDER BY start DESC OFFSET $4 LIMIT 1)
    """,
    """
    DELETE FROM transhumance.arrival USING turn WHERE start < (
      SELECT DISTINCT start FROM transhumance.traffic ORDER BY start DESC OFFSET $4 LIMIT 1)
    """,
    """
    DELETE FROM transhumance.traffic USING turn WHERE start < (
      SELECT DISTINCT start FROM transhumance.traffic ORDER BY start DESC OFFSET $4 LIMIT 1)
    """,
  ]

  package func traffic(of period: Period, like previous: GlobalPeriod?) async throws -> GlobalPeriod? {
    let content = try await core.rows(
      "SELECT content FROM transhumance.traffic WHERE start = $1 AND length = $2",
      [.integer(period.start.nanoseconds), .integer(period.length)]
    ) { row in row.bytes(0) }
    return try content.first.map {
      try TrafficRow.traffic(from: $0, of: period, like: previous, in: core.address.description)
    }
  }
}
