internal import FoundationEssentials
internal import GRDB
internal import Model
package import Traffic

/// A store in one file (and SQLite's two beside it), for one controller: its caller sees to it that nobody else writes.
///
/// A report is on disk when `save` returns: write-ahead log, each commit synchronised.
package actor SQLiteStore: Store {
  let database: DatabasePool
  let path: String
  /// Older periods are removed; nil: none are.
  let retainedPeriods: Int?
  private let groups = ReportGroups()
  private let hub = ArrivalHub()
  /// Of the lease that was taken here last.
  var leasedEpoch: Int64 = 0

  /// Opens the file, or makes it.
  ///
  /// - Parameter retainedPeriods: that many periods, the newest, are kept; nil: all.
  /// - Throws: `StoreError`; the file is left as it is then.
  package init(path: String, retainedPeriods: Int? = nil) throws(StoreError) {
    self.path = path
    self.retainedPeriods = retainedPeriods.map { max(1, $0) }
    do {
      var configuration = Configuration()
      configuration.label = "store"
      configuration.busyMode = .timeout(5)
      configuration.maximumReaderCount = 2
      // Runs before the journal's mode is set, which writes.
      configuration.prepareDatabase { database in
        try SQLiteSchema.check(database, path: path)
        // What reports said goes when their period is merged: overwriting it would be as much work as writing it.
        try database.execute(sql: "PRAGMA secure_delete = OFF")
        // Pages, 16 MiB: each checkpoint synchronises the file.
        try database.execute(sql: "PRAGMA wal_autocheckpoint = 4096")
      }
      database = try DatabasePool(path: path, configuration: configuration)
      // A pool has set NORMAL, which may lose the last commits when the machine loses its power.
      try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
      try database.write { try SQLiteSchema.migrate($0) }
    } catch {
      throw StoreError(error, path: path)
    }
  }

  @discardableResult
  package func save(_ report: SensorReport) async throws -> Bool {
    try await groups.save(try ReportRow(report)) { try await self.commit($0) }
  }

  package func arrivals() async throws -> AsyncStream<ReportArrival> { hub.listen() }

  private func commit(_ rows: [ReportRow]) async throws -> [Bool] {
    let areNew = try await write { database in try rows.map { try $0.insert(into: database) } }
    hub.tell(rows, areNew: areNew)
    return areNew
  }

  /// Reads, with errors in words.
  func read<Result: Sendable>(_ body: @escaping @Sendable (Database) throws -> Result) async throws -> Result {
    do { return try await database.read(body) } catch { throw StoreError(error, path: path) }
  }

  /// Writes in a transaction, with errors in words.
  func write<Result: Sendable>(_ body: @escaping @Sendable (Database) throws -> Result) async throws -> Result {
    do { return try await database.write(body) } catch { throw StoreError(error, path: path) }
  }

  func write(_ sql: String, _ arguments: StatementArguments) async throws {
    try await write { try $0.execute(sql: sql, arguments: arguments) }
  }
}
