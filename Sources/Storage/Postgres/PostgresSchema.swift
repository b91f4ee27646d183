internal import FoundationEssentials
internal import Model
internal import Traffic

/// The tables, by versions: each is made from the one before when the store is opened. They have a schema of their own
/// in the database, `transhumance`, in which `format` says that it is ours and of which version.
enum PostgresSchema {
  /// "TrHu": whoever else uses advisory locks in this database ought to have another number.
  private static let lock: Int64 = 0x5472_4875
  private static let program = "transhumance"
  /// `xid8`
  private static let oldestServer: Int64 = 130_000

  /// What makes version n + 1 of version n. Never changed, only added to.
  ///
  /// - `report`: `token` is that of the call that saved it, by which a call that is repeated knows its own rows.
  /// - `arrival`: of which periods which controller has saved reports, and in which transaction last. It is also the
  ///   index of periods.
  /// - `event`: `batch` and `place` are its call's, and its place in it.
  /// - `traffic`: closed periods; of the reports that are in them `content` is empty. Until the second version they
  ///   stayed as they were, with a row of `closing`: see `mergeClosedPeriods`.
  /// - `lease`: the one row; `writes` is the number of the last change under that epoch.
  private static let versions: [[PostgresSQL]] = [
    [
      """
      CREATE TABLE transhumance.report (
        host text COLLATE "C" NOT NULL, incarnation bigint NOT NULL, sequence bigint NOT NULL,
        start bigint NOT NULL, length bigint NOT NULL, token bigint NOT NULL, content bytea NOT NULL,
        PRIMARY KEY (host, incarnation, sequence))
      """,
      "CREATE INDEX report_of_period ON transhumance.report (start, length)",
      """
      CREATE TABLE transhumance.arrival (
        start bigint NOT NULL, length bigint NOT NULL, writer bigint NOT NULL, transaction xid8 NOT NULL,
        PRIMARY KEY (start, length, writer))
      """,
      "CREATE INDEX arrival_by_transaction ON transhumance.arrival (transaction)",
      """
      CREATE TABLE transhumance.closing (
        start bigint NOT NULL, length bigint NOT NULL, hosts bytea NOT NULL, PRIMARY KEY (start, length))
      """,
      """
      CREATE TABLE transhumance.application (
        name text COLLATE "C" PRIMARY KEY, document text NOT NULL, settings bytea NOT NULL)
      """,
      """
      CREATE TABLE transhumance.plan (
        identifier text COLLATE "C" PRIMARY KEY, application text COLLATE "C" NOT NULL, created bigint NOT NULL,
        content bytea NOT NULL)
      """,
      "CREATE INDEX plan_by_time ON transhumance.plan (created)",
      "CREATE TABLE transhumance.setting (key text COLLATE \"C\" PRIMARY KEY, value bytea NOT NULL)",
      """
      CREATE TABLE transhumance.event (
        number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, time bigint NOT NULL, content bytea NOT NULL,
        batch bigint NOT NULL, place bigint NOT NULL, UNIQUE (batch, place))
      """,
      """
      CREATE TABLE transhumance.lease (
        one boolean PRIMARY KEY DEFAULT true CHECK (one), holder text NOT NULL, writer bigint NOT NULL,
        epoch bigint NOT NULL, term interval NOT NULL, expires timestamptz NOT NULL, writes bigint NOT NULL)
      """,
      """
      INSERT INTO transhumance.lease (holder, writer, epoch, term, expires, writes)
      VALUES ('', 0, 0, '0', '-infinity', 0)
      """,
    ],
    [
      """
      CREATE TABLE transhumance.traffic (
        start bigint NOT NULL, length bigint NOT NULL, content bytea NOT NULL, PRIMARY KEY (start, length))
      """,
      // They are packed: another compression would take time for little.
      "ALTER TABLE transhumance.traffic ALTER content SET STORAGE EXTERNAL",
      "ALTER TABLE transhumance.report ALTER content SET STORAGE EXTERNAL",
      // What reports said goes when their period is merged, some megabytes every few seconds: cleared away at once.
      """
      ALTER TABLE transhumance.report SET (
        autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0,
        toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 10000,
        toast.autovacuum_vacuum_cost_delay = 0)
      """,
    ],
  ]

  /// Brings the tables to the version of this program, all or nothing, one controller at a time. A database that is
  /// another program's, or a later version's, stays as it is.
  ///
  /// - Returns: why it can't be used.
  static func prepare(
    _ attempt: PostgresConnection.Attempt, _ address: PostgresAddress
  ) throws(PostgresFailure) -> StoreError? {
    try attempt.run("BEGIN ISOLATION LEVEL READ COMMITTED")
    try attempt.run("SELECT set_config('statement_timeout', '0', true)")
    try attempt.run("SELECT pg_advisory_xact_lock($1)", [.integer(lock)])
    if let refusal = try refusal(attempt, address) {
      try attempt.run("ROLLBACK")
      return refusal
    }
    try migrate(attempt)
    try attempt.run("COMMIT")
    return nil
  }

  private static func refusal(
    _ attempt: PostgresConnection.Attempt, _ address: PostgresAddress
  ) throws(PostgresFailure) -> StoreError? {
    for row in try attempt.run(
      "SELECT current_setting('server_encoding'), current_setting('server_version_num')::bigint")
    {
      guard try row.integer(1) >= oldestServer else {
        return StoreError(.other, "\(address) is older than PostgreSQL 13, which is the oldest that can be used.")
      }
      guard row.text(0) == "UTF8" else {
        return StoreError(
          .other,
          "\(address) has the encoding \(row.text(0)): make one with `createdb --encoding UTF8 --template template0`.")
      }
    }
    let notOurs = StoreError(
      .notOurs,
      "\(address) has a schema `transhumance` of another program; it is left as it is. Name another database.")
    switch try columns(attempt) {
    case []: return try countObjects(attempt) == 0 ? nil : notOurs
    case ["program", "version"]: break
    default: return notOurs
    }
    let formats = try attempt.run("SELECT program, version FROM transhumance.format")
    guard formats.count == 1, let format = formats.first, format.text(0) == program else { return notOurs }
    let version = try format.integer(1)
    guard version <= versions.count else {
      return StoreError(
        .newer,
        "\(address) was written by a later version (format \(version), this one knows \(versions.count)); it is left as it is. Run that version, or name another database."
      )
    }
    return nil
  }

  /// Of the table that says whose it all is, if it has the right types.
  private static func columns(_ attempt: PostgresConnection.Attempt) throws(PostgresFailure) -> [String] {
    try attempt.run(
      """
      SELECT attname::text FROM pg_attribute
      WHERE attrelid = to_regclass('transhumance.format') AND attnum > 0 AND NOT attisdropped
        AND atttypid IN ('text'::regtype, 'bigint'::regtype)
      ORDER BY attname
      """
    ).map { $0.text(0) }
  }

  private static func countObjects(_ attempt: PostgresConnection.Attempt) throws(PostgresFailure) -> Int64 {
    try attempt.run(
      """
      SELECT count(*) FROM pg_class JOIN pg_namespace AS schema ON schema.oid = relnamespace
      WHERE nspname = 'transhumance'
      """
    ).first?.integer(0) ?? 0
  }

  private static func migrate(_ attempt: PostgresConnection.Attempt) throws(PostgresFailure) {
    var version = 0
    if try columns(attempt).isEmpty {
      // A role that may not make schemas can be given one.
      if try attempt.run("SELECT FROM pg_namespace WHERE nspname = 'transhumance'").isEmpty {
        try attempt.run("CREATE SCHEMA transhumance")
      }
      try attempt.run("CREATE TABLE transhumance.format (program text NOT NULL, version bigint NOT NULL)")
      try attempt.run("INSERT INTO transhumance.format (program, version) VALUES ($1, 0)", [.text(program)])
    } else {
      version = Int(try attempt.run("SELECT version FROM transhumance.format").first?.integer(0) ?? 0)
    }
    if version < versions.count {
      for statements in versions[version...] {
        for sql in statements { try attempt.run(sql) }
      }
      if version < 2 { try mergeClosedPeriods(attempt) }
      try attempt.run("UPDATE transhumance.format SET version = $1", [.integer(Int64(versions.count))])
    }
    // Transactions that haven't begun yet: those of another server, from which a dump was restored.
    try attempt.run(
      "UPDATE transhumance.arrival SET transaction = '0' WHERE transaction >= pg_snapshot_xmax(pg_current_snapshot())")
  }

  private static func mergeClosedPeriods(_ attempt: PostgresConnection.Attempt) throws(PostgresFailure) {
    for row in try attempt.run("SELECT start, length, hosts FROM transhumance.closing ORDER BY start") {
      let period = Period(start: Timestamp(nanoseconds: try row.integer(0)), length: try row.integer(1))
      let own: [PostgresValue] = [.integer(period.start.nanoseconds), .integer(period.length)]
      var reports: [ClosedPeriodMerge.Report] = []
      for report in try attempt.run(
        "SELECT host, incarnation, sequence, content FROM transhumance.report WHERE start = $1 AND length = $2", own)
      {
        reports.append(
          .init(
            host: report.text(0), incarnation: try report.integer(1), sequence: try report.integer(2),
            content: report.bytes(3)))
      }
      let merge = ClosedPeriodMerge(period, reports, hosts: row.bytes(2))
      try attempt.run(
        "INSERT INTO transhumance.traffic (start, length, content) VALUES ($1, $2, $3)",
        own + [.bytes(TrafficRow(merge.traffic).content)])
      for report in merge.damaged { try setAside(report, attempt) }
      try attempt.run("UPDATE transhumance.report SET content = '' WHERE start = $1 AND length = $2", own)
      let batch = Int64.random(in: .min ... .max)
      for (place, event) in merge.events.enumerated() {
        try attempt.run(
          "INSERT INTO transhumance.event (time, content, batch, place) VALUES ($1, $2, $3, $4)",
          [.integer(event.time.nanoseconds), .bytes(event.content), .integer(batch), .integer(Int64(place))])
      }
    }
    try attempt.run("DROP TABLE transhumance.closing")
  }

  private static func setAside(
    _ report: ClosedPeriodMerge.Report, _ attempt: PostgresConnection.Attempt
  ) throws(PostgresFailure) {
    try attempt.run("CREATE TABLE IF NOT EXISTS transhumance.damaged_report (LIKE transhumance.report)")
    try attempt.run(
      """
      INSERT INTO transhumance.damaged_report
      SELECT * FROM transhumance.report WHERE host = $1 AND incarnation = $2 AND sequence = $3
      """, [.text(report.host), .integer(report.incarnation), .integer(report.sequence)])
  }
}
