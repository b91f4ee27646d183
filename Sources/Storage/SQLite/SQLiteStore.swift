internal import FoundationEssentials
internal import GRDB
package import Traffic

/// A store in one file (and SQLite's two beside it), for one controller: its caller sees to it that nobody else writes.
///
/// A report is on disk when `save` returns: write-ahead log, each commit synchronised. Reports that come while a commit
/// is under way share the next one.
package actor SQLiteStore: Store {
  let database: DatabasePool
  let path: String
  /// Reports of older periods are removed; nil: none are.
  private let retainedPeriods: Int?
  private var pending: [PendingReport] = []
  private var isWriting = false
  /// Start of the newest period of which a report was saved.
  private var newestStart = Int64.min

  /// Reports in one commit: a host that comes back with a day of them keeps others waiting no longer than that.
  private static let groupLimit = 256

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

  /// A report on its way to the disk.
  private struct PendingReport {
    let row: ReportRow
    let continuation: CheckedContinuation<Bool, any Error>
  }

  @discardableResult
  package func save(_ report: SensorReport) async throws -> Bool {
    let row = try ReportRow(report)
    return try await withCheckedThrowingContinuation { continuation in
      pending.append(PendingReport(row: row, continuation: continuation))
      if !isWriting {
        isWriting = true
        Task { await writePending() }
      }
    }
  }

  private func writePending() async {
    while !pending.isEmpty {
      let group = Array(pending.prefix(Self.groupLimit))
      pending.removeFirst(group.count)
      let rows = group.map(\.row)
      let newest = rows.lazy.map(\.start).max() ?? .min
      let limit = newest > newestStart ? retainedPeriods : nil
      do {
        let areNew = try await database.write { database in
          let areNew = try rows.map { try $0.insert(into: database) }
          if let limit { try Self.removeReports(before: limit, in: database) }
          return areNew
        }
        newestStart = max(newestStart, newest)
        for (report, isNew) in zip(group, areNew) { report.continuation.resume(returning: isNew) }
      } catch {
        let error = StoreError(error, path: path)
        for report in group { report.continuation.resume(throwing: error) }
      }
    }
    isWriting = false
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
