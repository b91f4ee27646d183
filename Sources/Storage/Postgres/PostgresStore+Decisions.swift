package import FoundationEssentials
internal import Model

extension PostgresStore {
  package func save(_ application: StoredApplication) async throws {
    try await lead(
      """
      INSERT INTO transhumance.application (name, document, settings) SELECT $4, $5, $6 FROM turn
      ON CONFLICT (name) DO UPDATE SET document = excluded.document, settings = excluded.settings
      """, [.text(application.name), .text(application.document), .bytes(application.settings)])
  }

  package func removeApplication(named name: String) async throws {
    try await lead("DELETE FROM transhumance.application USING turn WHERE name = $4", [.text(name)])
  }

  package func applications() async throws -> [StoredApplication] {
    try await core.rows("SELECT name, document, settings FROM transhumance.application ORDER BY name") { row in
      StoredApplication(name: row.text(0), document: row.text(1), settings: row.bytes(2))
    }
  }

  package func save(_ plan: StoredPlan) async throws {
    try await lead(
      """
      INSERT INTO transhumance.plan (identifier, application, created, content) SELECT $4, $5, $6, $7 FROM turn
      ON CONFLICT (identifier) DO UPDATE
      SET application = excluded.application, created = excluded.created, content = excluded.content
      """,
      [.text(plan.identifier), .text(plan.application), .integer(plan.created.nanoseconds), .bytes(plan.content)])
  }

  package func plans(last count: Int, of application: String?) async throws -> [StoredPlan] {
    let latestFirst = try await core.rows(
      """
      SELECT identifier, application, created, content FROM transhumance.plan WHERE $1 IS NULL OR application = $1
      ORDER BY created DESC, identifier DESC LIMIT $2
      """, [.text(application), .integer(Int64(count))]
    ) { row throws(PostgresFailure) in
      StoredPlan(
        identifier: row.text(0), application: row.text(1), created: Timestamp(nanoseconds: try row.integer(2)),
        content: row.bytes(3))
    }
    return latestFirst.reversed()
  }

  package func append(_ events: [StoredEvent]) async throws {
    guard !events.isEmpty else { return }
    // By batch and place those that an earlier attempt has left are known.
    let values: [PostgresValue] = [
      .integers(events.map(\.time.nanoseconds)), .byteStrings(events.map(\.content)),
      .integer(Int64.random(in: .min ... .max)), .integer(Int64(StoredEvent.retained)),
    ]
    try await core.writer.perform(until: core.deadline) { attempt throws(PostgresFailure) in
      _ = try attempt.run(
        """
        WITH new AS (
          INSERT INTO transhumance.event (time, content, batch, place)
          SELECT time, content, $3, place FROM unnest($1, $2) WITH ORDINALITY AS given (time, content, place)
          ORDER BY place
          ON CONFLICT DO NOTHING RETURNING number
        )
        DELETE FROM transhumance.event WHERE number <= (SELECT max(number) FROM new) - $4
        """, values)
    }
  }

  package func events(last count: Int) async throws -> [StoredEvent] {
    let latestFirst = try await core.rows(
      "SELECT time, content FROM transhumance.event ORDER BY number DESC LIMIT $1", [.integer(Int64(count))]
    ) { row throws(PostgresFailure) in
      StoredEvent(time: Timestamp(nanoseconds: try row.integer(0)), content: row.bytes(1))
    }
    return latestFirst.reversed()
  }

  package func set(_ value: Data?, forKey key: String) async throws {
    if let value {
      try await lead(
        """
        INSERT INTO transhumance.setting (key, value) SELECT $4, $5 FROM turn
        ON CONFLICT (key) DO UPDATE SET value = excluded.value
        """, [.text(key), .bytes(value)])
    } else {
      try await lead("DELETE FROM transhumance.setting USING turn WHERE key = $4", [.text(key)])
    }
  }

  package func value(forKey key: String) async throws -> Data? {
    try await core.rows("SELECT value FROM transhumance.setting WHERE key = $1", [.text(key)]) { $0.bytes(0) }.first
  }
}
