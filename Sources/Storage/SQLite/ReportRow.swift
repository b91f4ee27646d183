internal import FoundationEssentials
internal import GRDB
internal import Model
internal import SwiftProtobuf
internal import Traffic
internal import Wire

/// A report as the table has it: packed, as it came over the network.
struct ReportRow: Sendable {
  let host: String
  // The bits of unsigned numbers, since SQLite has signed ones only.
  let incarnation: Int64
  let sequence: Int64
  let start: Int64
  let length: Int64
  let content: Data

  init(_ report: SensorReport) throws {
    host = report.host
    incarnation = Int64(bitPattern: report.incarnation)
    sequence = Int64(bitPattern: report.sequence)
    start = report.period.start.nanoseconds
    length = report.period.length
    content = try report.message.serializedBytes()
  }

  /// - Returns: false where it is there already.
  func insert(into database: Database) throws -> Bool {
    try database.cachedStatement(
      sql: """
        INSERT INTO report (host, incarnation, sequence, start, length, content) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT DO NOTHING
        """
    ).execute(arguments: [host, incarnation, sequence, start, length, content])
    return database.changesCount > 0
  }

  static func report(from content: Data, path: String) throws -> SensorReport {
    do {
      return try SensorReport(Transhumance_V1_SensorReport(serializedBytes: content))
    } catch {
      throw StoreError(.damaged, "\(path): a report in it can't be read (\(error)); the others are left as they are.")
    }
  }
}
