import Agent
import Synchronization

/// Files in memory, which outlive the spool as a disk outlives a process, on a disk that may be full or fail.
final class MemoryDisk: SpoolDisk {
  struct Full: Error {}
  struct Failure: Error {}

  let files = Mutex<[String: [UInt8]]>([:])
  let isFull = Mutex(false)
  /// Names of files that can't be read.
  let unreadable = Mutex<Set<String>>([])

  func names() throws -> [String] { files.withLock { Array($0.keys) } }

  func read(_ name: String) throws -> [UInt8]? {
    if unreadable.withLock({ $0.contains(name) }) { throw Failure() }
    return files.withLock { $0[name] }
  }

  func size(of name: String) -> Int? { files.withLock { $0[name]?.count } }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    if isFull.withLock({ $0 }) { throw Full() }
    files.withLock { $0[name] = bytes }
  }

  func remove(_ name: String) throws { files.withLock { $0[name] = nil } }

  /// Cuts the file whose name comes first, as a crash may.
  func tearFirst() {
    files.withLock { files in
      if let first = files.keys.sorted().first { files[first]?.removeLast() }
    }
  }
}
