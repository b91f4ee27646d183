internal import Foundation
internal import Linux
internal import SystemPackage

/// Where a spool keeps its files.
package protocol SpoolDisk: Sendable {
  /// Names of the files that are whole, in no order.
  func names() throws -> [String]
  /// Nil: there is no such file.
  func read(_ name: String) throws -> [UInt8]?
  /// In bytes; nil where that isn't known.
  func size(of name: String) -> Int?
  /// On the disk when it returns; whole, or not there at all.
  func write(_ name: String, _ bytes: [UInt8]) throws
  func remove(_ name: String) throws
}

/// A folder of its own, made where it is missing.
package struct SpoolFolder: SpoolDisk {
  private let path: FilePath

  package init(path: String) throws {
    self.path = FilePath(path)
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    // Of a start that was ended while it wrote.
    for name in try FileManager.default.contentsOfDirectory(atPath: path) where name.hasSuffix(DurableFile.unfinished) {
      try remove(name)
    }
  }

  package func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path.string)
  }

  package func read(_ name: String) throws -> [UInt8]? { try DurableFile.read(path.appending(name)) }

  package func size(of name: String) -> Int? {
    var status = stat()
    // Both are of this frame.
    return unsafe lstat(path.appending(name).string, &status) == 0 ? Int(status.st_size) : nil
  }

  package func write(_ name: String, _ bytes: [UInt8]) throws {
    try DurableFile.write(bytes, to: path.appending(name))
  }

  package func remove(_ name: String) throws {
    guard unsafe unlink(path.appending(name).string) == 0 || errno == ENOENT else { throw Errno(rawValue: errno) }
  }
}
