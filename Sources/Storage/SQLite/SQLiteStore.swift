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
  /// Reports of older periods are removed; nil: none are.
  private let retainedPeriods: Int?
  private let groups = ReportGroups()
  private let hub = ArrivalHub()
  /// Start of the newest period of which a report was saved.
  private var newestStart = Int64.min
  /// Of the lease that was taken here last.
  var leasedEpoch: Int64 = 0

  /// Opens the file, or makes it.
  ///
  /// - Parameter retainedPeriods: of that many periods, the newest, reports are kept; nil: of all.
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
      configuration.prepareDatabase { try SQLiteSchema.check($0, path: path) }
      database = try DatabasePool(path: path, configuration: configuration)
      // A pool has set NORMAL, which may lose the last commits when the machine loses its power.
      try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
      try database.write(SQLiteSchema.migrate)
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
    let newest = rows.lazy.map(\.period.start.nanoseconds).max() ?? .min
    let limit = newest > newestStart ? retainedPeriods : nil
    do {
      let areNew = try await database.write { database in
        let areNew = try rows.map { try $0.insert(into: database) }
        if let limit { try Self.removeReports(before: limit, in: database) }
        return areNew
      }
      newestStart = max(newestStart, newest)
      hub.tell(rows, areNew: areNew)
      return areNew
    } catch { throw StoreError(error, path: path) }
  }

  private static func removeReports(before count: Int, in database: Database) throws {
    let oldest = try Int64.fetchOne(
      database, sql: "SELECT DISTINCT start FROM report ORDER BY start DESC LIMIT 1 OFFSET ?", arguments: [count - 1])
    guard let oldest else { return }
    try database.execute(sql: "DELETE FROM report WHERE start < ?", arguments: [oldest])
    try database.execute(sql: "DELETE FROM closing WHERE start < ?", arguments: [oldest])
  }

  /// Reads, with errors in words.
  func read<Result: Sendable>(_ body: @escaping @Sendable (Database) throws -> Result) async throws -> Result {
    do { return try await database.read(body) } catch { throw StoreError(error, path: path) }
  }

  /// Writes in a transaction, with errors in words.
  func write(_ sql: String, _ arguments: StatementArguments) async throws {
    do {
      try await database.write { try $0.execute(sql: sql, arguments: arguments) }
    } catch { throw StoreError(error, path: path) }
  }
}
