package import Logging
internal import Wire

/// Reports that the controller hasn't acknowledged, oldest first: a file each, so that neither a crash nor a controller
/// that is away for long loses them.
///
/// Bounded in bytes: the oldest goes first, and is counted. What the disk doesn't take is held in memory, within a
/// bound of its own, and written as soon as it does. A file that isn't whole is removed and counted; one that can't be
/// read stays, and is tried again whenever the oldest is asked for, while those after it go on.
package struct Spool {
  private struct Entry {
    var ordinal: UInt64
    /// Nil: its file could never be read.
    var identity: Identity?
    var bytes: Int
    /// Nil: it is on the disk.
    var held: [UInt8]?
    /// Its file couldn't be read when it was last tried.
    var isUnreadable = false

    /// Their order is that of ordinals.
    var name: String { Spool.name(ordinal) }

    var heldReport: SpooledReport? {
      guard let held, let identity else { return nil }
      return SpooledReport(incarnation: identity.incarnation, sequence: identity.sequence, message: held)
    }
  }

  private struct Identity: Hashable {
    var incarnation: UInt64
    var sequence: UInt64

    init(_ report: SpooledReport) { (incarnation, sequence) = (report.incarnation, report.sequence) }
  }

  private enum Reading {
    case whole(SpooledReport)
    case torn
    case missing
    case failed(any Error)
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
      switch read(ordinal) {
      case .whole(let report):
        entries.append(Entry(ordinal: ordinal, identity: Identity(report), bytes: report.message.count))
      case .torn: discard(ordinal)
      case .missing: break
      case .failed(let error):
        entries.append(Entry(ordinal: ordinal, bytes: disk.size(of: Self.name(ordinal)) ?? 0))
        noteUnreadable(entries.count - 1, error)
      }
    }
    nextOrdinal = (ordinals.last ?? 0) + 1
    makeRoom()
  }

  package var count: Int { entries.count }

  /// Reports whose files couldn't be read when that was last tried.
  package var unreadable: Int { entries.count(where: \.isUnreadable) }

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
        ordinal: nextOrdinal, identity: Identity(report), bytes: report.message.count, held: report.message))
    nextOrdinal += 1
    makeRoom()
    writeHeld()
    makeRoomInMemory()
  }

  /// The oldest that can be read, nil where there is none.
  package mutating func oldest() -> (ordinal: UInt64, report: SpooledReport)? {
    var place = 0
    while place < entries.count {
      let entry = entries[place]
      if let report = entry.heldReport { return (entry.ordinal, report) }
      switch read(entry.ordinal) {
      case .whole(let report):
        noteRead(place, report)
        return (entry.ordinal, report)
      case .failed(let error):
        noteUnreadable(place, error)
        place += 1
      case .torn, .missing:
        entries.remove(at: place)
        countLost(entry)
        discard(entry.ordinal)
      }
    }
    return nil
  }

  /// The controller has it, or will never take it.
  package mutating func acknowledge(incarnation: UInt64, sequence: UInt64) {
    let index = entries.firstIndex { $0.identity?.incarnation == incarnation && $0.identity?.sequence == sequence }
    guard let index else { return }
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
    countLost(entry)
    logger.error("\(entry.name) is lost: no room for more than the controller has left unacknowledged")
    remove(entry)
    return entry.bytes
  }

  private mutating func countLost(_ entry: Entry) {
    if let identity = entry.identity { lost[identity.incarnation, default: 0] += 1 }
  }

  // MARK: - The disk

  private mutating func writeHeld() {
    for index in entries.indices {
      guard let report = entries[index].heldReport else { continue }
      do {
        try disk.write(entries[index].name, report.bytes)
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

  private func read(_ ordinal: UInt64) -> Reading {
    do {
      guard let bytes = try disk.read(Self.name(ordinal)) else { return .missing }
      return SpooledReport(bytes).map { .whole($0) } ?? .torn
    } catch {
      return .failed(error)
    }
  }

  private mutating func noteUnreadable(_ place: Int, _ error: any Error) {
    if unreadable == 0 {
      logger.error("\(entries[place].name) can't be read, and is tried again, as are others that may follow: \(error)")
    }
    entries[place].isUnreadable = true
  }

  private mutating func noteRead(_ place: Int, _ report: SpooledReport) {
    entries[place].identity = Identity(report)
    guard entries[place].isUnreadable else { return }
    entries[place].isUnreadable = false
    if unreadable == 0 { logger.notice("all reports can be read again") }
  }

  private func remove(_ entry: Entry) {
    guard entry.held == nil else { return }
    // One that stays is sent again by the next agent, and was taken before.
    do { try disk.remove(entry.name) } catch { logger.warning("\(entry.name) can't be removed: \(error)") }
  }

  private mutating func discard(_ ordinal: UInt64) {
    torn += 1
    logger.error("\(Self.name(ordinal)) isn't whole or is gone, and lost")
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
