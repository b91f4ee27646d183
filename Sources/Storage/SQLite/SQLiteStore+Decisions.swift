package import FoundationEssentials
internal import GRDB
internal import Model

extension SQLiteStore {
  package func save(_ application: StoredApplication) async throws {
    try await write(
      "INSERT OR REPLACE INTO application (name, document, settings) VALUES (?, ?, ?)",
      [application.name, application.document, application.settings])
  }

  package func removeApplication(named name: String) async throws {
    try await write("DELETE FROM application WHERE name = ?", [name])
  }

  package func applications() async throws -> [StoredApplication] {
    try await read { database in
      try Row.fetchAll(database, sql: "SELECT name, document, settings FROM application ORDER BY name")
        .map { StoredApplication(name: $0[0], document: $0[1], settings: $0[2]) }
    }
  }

  package func save(_ plan: StoredPlan) async throws {
    try await write(
      "INSERT OR REPLACE INTO plan (identifier, application, created, content) VALUES (?, ?, ?, ?)",
      [plan.identifier, plan.application, plan.created.nanoseconds, plan.content])
  }

  package func plans(last count: Int, of application: String?) async throws -> [StoredPlan] {
    try await read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT identifier, application, created, content FROM plan WHERE ?1 IS NULL OR application = ?1
          ORDER BY created DESC, identifier DESC LIMIT ?2
          """,
        arguments: [application, count]
      ).reversed().map {
        StoredPlan(
          identifier: $0[0], application: $0[1], created: Timestamp(nanoseconds: $0[2]), content: $0[3])
      }
    }
  }

  package func append(_ events: [StoredEvent]) async throws {
    do {
      try await database.write { database in
        for event in events {
          try database.execute(
            sql: "INSERT INTO event (time, content) VALUES (?, ?)", arguments: [event.time.nanoseconds, event.content])
        }
        try database.execute(
          sql: "DELETE FROM event WHERE number <= (SELECT max(number) FROM event) - ?",
          arguments: [StoredEvent.retained])
      }
    } catch { throw StoreError(error, path: path) }
  }

  package func events(last count: Int) async throws -> [StoredEvent] {
    try await read { database in
      try Row.fetchAll(
        database, sql: "SELECT time, content FROM event ORDER BY number DESC LIMIT ?", arguments: [count]
      ).reversed().map { StoredEvent(time: Timestamp(nanoseconds: $0[0]), content: $0[1]) }
    }
  }

  package func set(_ value: Data?, forKey key: String) async throws {
    if let value {
      try await write("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", [key, value])
    } else {
      try await write("DELETE FROM setting WHERE key = ?", [key])
    }
  }

  package func value(forKey key: String) async throws -> Data? {
    try await read { try Data.fetchOne($0, sql: "SELECT value FROM setting WHERE key = ?", arguments: [key]) }
  }
}
