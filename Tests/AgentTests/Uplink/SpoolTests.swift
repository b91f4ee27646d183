import Agent
import Foundation
import Logging
import Synchronization
import Testing

struct SpoolTests {
  private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  private func report(_ sequence: UInt64, incarnation: UInt64 = 1, bytes: Int = 4) -> SpooledReport {
    SpooledReport(
      incarnation: incarnation, sequence: sequence, message: Array(repeating: UInt8(sequence), count: bytes))
  }

  /// Sequences in the order in which they are sent.
  private func sequences(_ spool: inout Spool) -> [UInt64] {
    var sequences: [UInt64] = []
    while let (_, report) = spool.oldest() {
      sequences.append(report.sequence)
      spool.acknowledge(incarnation: report.incarnation, sequence: report.sequence)
    }
    return sequences
  }

  @Test func keepsOrderAndForgetsWhatIsAcknowledged() throws {
    let disk = MemoryDisk()
    var spool = try Spool(disk, logger: logger)
    for sequence in 1...20 { spool.append(report(UInt64(sequence))) }
    spool.acknowledge(incarnation: 1, sequence: 1)
    spool.acknowledge(incarnation: 1, sequence: 7)
    spool.acknowledge(incarnation: 2, sequence: 8)
    #expect(sequences(&spool) == Array(2...6) + Array(8...20))
    #expect(try disk.names().isEmpty)
  }

  /// An agent that was killed leaves its files; its reports go before those of the next one.
  @Test func outlivesTheAgent() throws {
    let disk = MemoryDisk()
    var first = try Spool(disk, logger: logger)
    first.append(report(1, incarnation: 9))
    first.append(report(2, incarnation: 9))
    var second = try Spool(disk, logger: logger)
    second.append(report(1, incarnation: 3))
    let sent = second.oldest()
    #expect(sent?.report == report(1, incarnation: 9))
    #expect(sequences(&second) == [1, 2, 1])
    #expect(second.lost(of: 9) == 0)
  }

  @Test func tornFileIsSkippedAndCounted() throws {
    let disk = MemoryDisk()
    var first = try Spool(disk, logger: logger)
    for sequence in 1...3 { first.append(report(UInt64(sequence))) }
    disk.tearFirst()
    var second = try Spool(disk, logger: logger)
    #expect(second.torn == 1)
    #expect(sequences(&second) == [2, 3])
  }

  /// One that is torn while the agent runs is known by its name.
  @Test func tornWhileRunningIsLostToItsIncarnation() throws {
    let disk = MemoryDisk()
    var spool = try Spool(disk, logger: logger)
    for sequence in 1...3 { spool.append(report(UInt64(sequence))) }
    disk.tearFirst()
    #expect(sequences(&spool) == [2, 3])
    #expect(spool.lost(of: 1) == 1)
  }

  /// A disk that fails now and then, or files that another user made: nothing is thrown away for it.
  @Test(arguments: [false, true]) func unreadableFileIsKeptAndTriedAgain(afterRestart: Bool) throws {
    let disk = MemoryDisk()
    var spool = try Spool(disk, logger: logger)
    for sequence in 1...3 { spool.append(report(UInt64(sequence))) }
    let first = try #require(try disk.names().sorted().first)
    disk.unreadable.withLock { $0 = [first] }
    if afterRestart { spool = try Spool(disk, logger: logger) }
    // Those after it needn't wait.
    #expect(spool.oldest()?.report == report(2))
    #expect(spool.unreadable == 1)
    #expect(spool.count == 3)
    #expect(try disk.names().count == 3)
    spool.acknowledge(incarnation: 1, sequence: 2)
    disk.unreadable.withLock { $0 = [] }
    #expect(sequences(&spool) == [1, 3])
    #expect(spool.unreadable == 0 && spool.torn == 0 && spool.lost(of: 1) == 0)
  }

  /// It takes its room all the same.
  @Test func unreadableFileCountsForTheBound() throws {
    let disk = MemoryDisk()
    var first = try Spool(disk, logger: logger)
    for sequence in 1...3 { first.append(report(UInt64(sequence), bytes: 30)) }
    disk.unreadable.withLock { $0 = Set((try? disk.names()) ?? []) }
    var second = try Spool(disk, limit: 150, logger: logger)
    // Three files of 58 bytes are 24 too many.
    #expect(second.count == 2)
    second.append(report(4, bytes: 30))
    #expect(second.count == 3)
    second.append(report(5, bytes: 30))
    #expect(second.count == 3)
  }

  @Test func fileThatSomebodyRemovedIsLost() throws {
    let disk = MemoryDisk()
    var spool = try Spool(disk, logger: logger)
    for sequence in 1...2 { spool.append(report(UInt64(sequence))) }
    if let first = try disk.names().sorted().first { try disk.remove(first) }
    #expect(sequences(&spool) == [2])
    #expect(spool.lost(of: 1) == 1)
  }

  @Test func oldestGoesFirstBeyondTheBound() throws {
    let disk = MemoryDisk()
    var spool = try Spool(disk, limit: 100, logger: logger)
    for sequence in 1...15 { spool.append(report(UInt64(sequence), bytes: 10)) }
    #expect(spool.lost(of: 1) == 5)
    #expect(try disk.names().count == 10)
    #expect(sequences(&spool) == Array(6...15))
  }

  @Test func fullDiskIsBridgedInMemory() throws {
    let disk = MemoryDisk()
    var spool = try Spool(disk, memoryLimit: 30, logger: logger)
    spool.append(report(1, bytes: 10))
    disk.isFull.withLock { $0 = true }
    for sequence in 2...5 { spool.append(report(UInt64(sequence), bytes: 10)) }
    // Three fit; the one on the disk stays.
    #expect(spool.lost(of: 1) == 1)
    #expect(spool.count == 4)
    disk.isFull.withLock { $0 = false }
    spool.append(report(6, bytes: 10))
    #expect(try disk.names().count == 5)
    #expect(sequences(&spool) == [1, 3, 4, 5, 6])
  }

  @Test func folder() throws {
    let path = NSTemporaryDirectory() + "/spool-\(UInt64.random(in: 0 ... .max))"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let folder = try SpoolFolder(path: path)
    try folder.write("b", [1, 2])
    try folder.write("b", [3])
    try folder.write("a", [])
    // A write that was cut.
    #expect(FileManager.default.createFile(atPath: path + "/c.unfinished", contents: Data([1])))
    let again = try SpoolFolder(path: path)
    #expect(try again.names().sorted() == ["a", "b"])
    #expect(try again.read("b") == [3])
    #expect(again.size(of: "b") == 1)
    #expect(try again.read("none") == nil)
    // A file that is there and can't be read isn't one that is missing.
    try FileManager.default.createDirectory(atPath: path + "/d", withIntermediateDirectories: false)
    #expect(throws: (any Error).self) { try again.read("d") }
    try FileManager.default.removeItem(atPath: path + "/d")
    try again.remove("b")
    try again.remove("b")
    #expect(try again.names() == ["a"])
  }

  @Test func longerWaitsEachTimeButNotTheSame() {
    var generator = SystemRandomNumberGenerator()
    var backoff = Backoff()
    var expected = 0.2
    for _ in 0..<20 {
      let wait = backoff.next(using: &generator) / .seconds(1)
      #expect((0.79 * expected...1.21 * expected).contains(wait))
      expected = min(expected * 1.6, 10)
    }
    backoff.reset()
    #expect(backoff.next(using: &generator) < .milliseconds(250))
  }
}
