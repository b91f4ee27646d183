internal import Foundation

/// What tells one version of a file from another without reading it, by one call of the system (stat(2)): of what a
/// link leads to, not of the link.
package struct FileVersion: Hashable, Sendable {
  /// Nil where there is no such file, or it can't be asked for.
  private let status: Status?

  private struct Status: Hashable, Sendable {
    var device: UInt64
    var number: UInt64
    var bytes: Int64
    /// Seconds and nanoseconds.
    var modified: [Int]
    /// The same; of contents or permissions: who replaces a file with all its times changes this one.
    var changed: [Int]
  }

  package init(_ path: String) {
    var found = stat()
    // The kernel fills the structure during the call.
    guard unsafe stat(path, &found) == 0 else {
      status = nil
      return
    }
    status = Status(
      device: UInt64(found.st_dev), number: UInt64(found.st_ino), bytes: Int64(found.st_size),
      modified: [found.st_mtim.tv_sec, found.st_mtim.tv_nsec], changed: [found.st_ctim.tv_sec, found.st_ctim.tv_nsec])
  }
}
