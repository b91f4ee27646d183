internal import FoundationEssentials
internal import GRDB
internal import Model
internal import Traffic

/// The tables, by versions: each is made from the one before when the store is opened.
///
/// The version is the header's `user_version`, and `application_id` says that the file is ours
/// (https://www.sqlite.org/pragma.html).
enum SQLiteSchema {
  /// "TrHu"
  private static let applicationID = 0x5472_4875

  /// What makes version n + 1 of version n. Never changed, only added to. In the fourth closed periods became traffic:
  /// see `mergeClosedPeriods`.
  private static let versions = [
    """
    CREATE TABLE report (
      host TEXT NOT NULL,
      incarnation INTEGER NOT NULL,
      sequence INTEGER NOT NULL,
      start INTEGER NOT NULL,
      length INTEGER NOT NULL,
      content BLOB NOT NULL,
      PRIMARY KEY (host, incarnation, sequence)
    ) STRICT;
    CREATE INDEX report_of_period ON report (start, length);
    CREATE TABLE closing (
      start INTEGER NOT NULL,
      length INTEGER NOT NULL,
      hosts BLOB NOT NULL,
      PRIMARY KEY (start, length)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE application (
      name TEXT PRIMARY KEY,
      document TEXT NOT NULL,
      settings BLOB NOT NULL
    ) STRICT;
    CREATE TABLE plan (
      identifier TEXT PRIMARY KEY,
      application TEXT NOT NULL,
      created INTEGER NOT NULL,
      content BLOB NOT NULL
    ) STRICT;
    CREATE INDEX plan_by_time ON plan (created);
    CREATE TABLE setting (
      key TEXT PRIMARY KEY,
      value BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE event (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      time INTEGER NOT NULL,
      content BLOB NOT NULL
    ) STRICT;
    """,
    """
    CREATE TABLE lease (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      holder TEXT NOT NULL,
      epoch INTEGER NOT NULL
    ) STRICT;
    """,
    """
    CREATE TABLE traffic (
      start INTEGER NOT NULL,
      length INTEGER NOT NULL,
      content BLOB NOT NULL,
      PRIMARY KEY (start, length)
    ) STRICT;
    CREATE INDEX report_to_be_merged ON report (start, length) WHERE length(content) > 0;
    """,
  ]

  /// Refuses a file that is another program's or a later version's, before anything is written.
  static func check(_ database: Database, path: String) throws {
    let identifier = try Int.fetchOne(database, sql: "PRAGMA application_id")
    if identifier != applicationID {
      let objects = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
      guard objects == 0, identifier == 0 else {
        throw StoreError(.notOurs, "\(path) is another program's database; it is left as it is. Give another folder.")
      }
    }
    let version = try version(of: database)
    guard version <= versions.count else {
      throw StoreError(
        .newer,
        "\(path) was written by a later version (format \(version), this one knows \(versions.count)); "
          + "it is left as it is. Run that version, or move the file away.")
    }
  }

  /// Brings the tables to the version of this program, all or nothing.
  static func migrate(_ database: Database) throws {
    let version = try version(of: database)
    guard version < versions.count else { return }
    for sql in versions[version...] { try database.execute(sql: sql) }
    if version < 4 { try mergeClosedPeriods(database) }
    try database.execute(sql: "PRAGMA application_id = \(applicationID)")
    try database.execute(sql: "PRAGMA user_version = \(versions.count)")
  }

  /// Until the fourth version reports of closed periods were kept, and which hosts ought to have sent some.
  private static func mergeClosedPeriods(_ database: Database) throws {
    for row in try Row.fetchAll(database, sql: "SELECT start, length, hosts FROM closing ORDER BY start") {
      let period = Period(start: Timestamp(nanoseconds: row[0]), length: row[1])
      let reports = try Row.fetchAll(
        database, sql: "SELECT host, incarnation, sequence, content FROM report WHERE start = ? AND length = ?",
        arguments: [period.start.nanoseconds, period.length])
      let merge = ClosedPeriodMerge(
        period, reports.map { .init(host: $0[0], incarnation: $0[1], sequence: $0[2], content: $0[3]) }, hosts: row[2])
      try TrafficRow(merge.traffic).put(into: database)
      for report in merge.traffic.reports { try report.empty(in: database) }
      for report in merge.damaged { try setAside(report, in: database) }
      for event in merge.events {
        try database.execute(
          sql: "INSERT INTO event (time, content) VALUES (?, ?)", arguments: [event.time.nanoseconds, event.content])
      }
    }
    try database.execute(sql: "DROP TABLE closing")
  }

  private static func setAside(_ report: ClosedPeriodMerge.Report, in database: Database) throws {
    let key: StatementArguments = [report.host, report.incarnation, report.sequence]
    try database.execute(sql: "CREATE TABLE IF NOT EXISTS damaged_report AS SELECT * FROM report LIMIT 0")
    try database.execute(
      sql: "INSERT INTO damaged_report SELECT * FROM report WHERE host = ? AND incarnation = ? AND sequence = ?",
      arguments: key)
    try ReportKey(
      host: report.host, incarnation: UInt64(bitPattern: report.incarnation),
      sequence: UInt64(bitPattern: report.sequence)
    ).empty(in: database)
  }

  private static func version(of database: Database) throws -> Int {
    try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
  }
}
