internal import GRDB
internal import Model

extension ReportRow {
  /// - Returns: false where it is there already.
  func insert(into database: Database) throws -> Bool {
    try database.cachedStatement(
      sql: """
        INSERT INTO report (host, incarnation, sequence, start, length, content) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT DO NOTHING
        """
    ).execute(arguments: [host, incarnation, sequence, period.start.nanoseconds, period.length, content])
    return database.changesCount > 0
  }
}
