package import Logging
internal import Wire

/// Reports that the controller hasn't acknowledged, oldest first: a file each, so that neither a crash nor a controller
/// that is away for long loses them.
///
/// Bounded in bytes: the oldest goes first, and is counted. What the disk doesn't take is held in memory, within a
/// bound of its own, and written as soon as it does. A file that isn't whole is removed and counted.
package struct Spool {
  private struct Entry {
    var ordinal: UInt64
    var incarnation: UInt64
    var sequence: UInt64
    var bytes: Int
    /// Nil: it is on the disk.
    var held: [UInt8]?

    /// Their order is that of ordinals.
    var name: String { Spool.name(ordinal) }
  }

  private let disk: any SpoolDisk
  private let logger: Logger
  private let limit: Int
  private let memoryLimit: Int
  private var entries: [Entry] = []
  private var nextOrdinal: UInt64 = 1
  /// Reports that were thrown away unacknowledged, by incarnation.
  private var lost: [UInt64: UInt64] = [:]
  /// Files that weren't whole.
  package private(set) var torn: UInt64 = 0
  private var isDiskWorking = true

  /// - Parameters:
  ///   - limit: bytes of all reports.
  ///   - memoryLimit: bytes of those that the disk doesn't take.
  /// - Throws: where the folder can't be listed.
  package init(_ disk: any SpoolDisk, limit: Int = 256 << 20, memoryLimit: Int = 64 << 20, logger: Logger) throws {
    (self.disk, self.limit, self.memoryLimit, self.logger) = (disk, limit, memoryLimit, logger)
    let ordinals = try disk.names().compactMap { Self.ordinal($0) }.sorted()
    for ordinal in ordinals {
      guard let report = (try? disk.read(Self.name(ordinal))).flatMap({ SpooledReport($0) }) else {
        discard(ordinal)
        continue
      }
      entries.append(
        Entry(
          ordinal: ordinal, incarnation: report.incarnation, sequence: report.sequence, bytes: report.message.count))
    }
    nextOrdinal = (ordinals.last ?? 0) + 1
    makeRoom()
  }

  package var count: Int { entries.count }

  package func holds(_ ordinal: UInt64) -> Bool { entries.contains { $0.ordinal == ordinal } }

  /// Reports of an incarnation that were thrown away.
  package func lost(of incarnation: UInt64) -> UInt64 { lost[incarnation] ?? 0 }

  /// Keeps a report until it is acknowledged.
  package mutating func append(_ report: SpooledReport) {
    guard report.message.count <= WireLimits.largestMessage - 1024 else {
      lost[report.incarnation, default: 0] += 1
      logger.error("report \(report.sequence) of \(report.message.count) bytes is too large to be sent, and lost")
      return
    }
    entries.append(
      Entry(
        ordinal: nextOrdinal, incarnation: report.incarnation, sequence: report.sequence,
        bytes: report.message.count, held: report.message))
    nextOrdinal += 1
    makeRoom()
    writeHeld()
    makeRoomInMemory()
  }

  /// The oldest, nil where there is none.
  package mutating func oldest() -> (ordinal: UInt64, report: SpooledReport)? {
    while let entry = entries.first {
      if let held = entry.held {
        return (
          entry.ordinal, SpooledReport(incarnation: entry.incarnation, sequence: entry.sequence, message: held)
        )
      }
      if let report = (try? disk.read(entry.name)).flatMap({ SpooledReport($0) }) { return (entry.ordinal, report) }
      entries.removeFirst()
      lost[entry.incarnation, default: 0] += 1
      discard(entry.ordinal)
    }
    return nil
  }

  /// The controller has it, or will never take it.
  package mutating func acknowledge(incarnation: UInt64, sequence: UInt64) {
    guard let index = entries.firstIndex(where: { $0.incarnation == incarnation && $0.sequence == sequence }) else {
      return
    }
    remove(entries.remove(at: index))
  }

  // MARK: - Bounds

  private mutating func makeRoom() {
    var bytes = entries.reduce(0) { $0 + $1.bytes }
    while bytes > limit, let first = entries.first { bytes -= lose(first) }
  }

  private mutating func makeRoomInMemory() {
    var bytes = entries.reduce(0) { $0 + ($1.held?.count ?? 0) }
    while bytes > memoryLimit, let first = entries.first(where: { $0.held != nil }) { bytes -= lose(first) }
  }

  /// - Returns: how many bytes it had.
  private mutating func lose(_ entry: Entry) -> Int {
    entries.removeAll { $0.ordinal == entry.ordinal }
    lost[entry.incarnation, default: 0] += 1
    logger.error("report \(entry.sequence) is lost: no room for more than the controller has left unacknowledged")
    remove(entry)
    return entry.bytes
  }

  // MARK: - The disk

  private mutating func writeHeld() {
    for index in entries.indices {
      guard let message = entries[index].held else { continue }
      let entry = entries[index]
      let report = SpooledReport(incarnation: entry.incarnation, sequence: entry.sequence, message: message)
      do {
        try disk.write(entry.name, report.bytes)
        entries[index].held = nil
      } catch {
        if isDiskWorking { logger.error("reports can't be written, and are held in memory: \(error)") }
        isDiskWorking = false
        return
      }
    }
    if !isDiskWorking { logger.notice("reports are written to the disk again") }
    isDiskWorking = true
  }

  private func remove(_ entry: Entry) {
    guard entry.held == nil else { return }
    // One that stays is sent again by the next agent, and was taken before.
    do { try disk.remove(entry.name) } catch { logger.warning("\(entry.name) can't be removed: \(error)") }
  }

  private mutating func discard(_ ordinal: UInt64) {
    torn += 1
    logger.error("\(Self.name(ordinal)) isn't whole, and lost")
    try? disk.remove(Self.name(ordinal))
  }

  private static let suffix = ".report"

  private static func name(_ ordinal: UInt64) -> String {
    let digits = String(ordinal, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits + suffix
  }

  private static func ordinal(_ name: String) -> UInt64? {
    guard name.utf8.count == 16 + suffix.utf8.count, name.hasSuffix(suffix) else { return nil }
    return UInt64(name.prefix(16), radix: 16)
  }
}
