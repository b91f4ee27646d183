import Glibc
package import SystemPackage

/// Small files that are there whole or not at all, whatever ends the process or the machine.
package enum DurableFile {
  /// What a file that isn't whole yet is called, after the name that it is to have.
  package static let unfinished = ".unfinished"

  /// Returns when the file, for its owner alone, and its name are on the disk: written beside, synchronised, renamed,
  /// and then its folder synchronised, which is a file of its own (fsync(2)).
  package static func write(_ bytes: [UInt8], to path: FilePath) throws {
    let beside = FilePath(path.string + unfinished)
    do {
      let file = try FileDescriptor.open(
        beside, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: .ownerReadWrite)
      try file.closeAfter {
        try file.writeAll(bytes)
        try synchronise(file)
      }
      // C strings that live for the call.
      guard unsafe rename(beside.string, path.string) == 0 else { throw Errno(rawValue: errno) }
    } catch {
      unsafe unlink(beside.string)
      throw error
    }
    try synchroniseFolder(of: path)
  }

  /// Returns when the file is gone from the disk, also where it wasn't there.
  package static func remove(_ path: FilePath) throws {
    guard unsafe unlink(path.string) == 0 || errno == ENOENT else { throw Errno(rawValue: errno) }
    try synchroniseFolder(of: path)
  }

  /// - Returns: nil where there is no such file.
  package static func read(_ path: FilePath) throws -> [UInt8]? {
    do {
      let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
      return try file.closeAfter { try file.readAll() }
    } catch let error as Errno where error == .noSuchFileOrDirectory {
      return nil
    }
  }

  private static func synchroniseFolder(of path: FilePath) throws {
    let folder = path.removingLastComponent()
    let file = try FileDescriptor.open(
      folder.isEmpty ? "." : folder, .readOnly, options: [.directory, .closeOnExec])
    try file.closeAfter { try synchronise(file) }
  }

  private static func synchronise(_ file: FileDescriptor) throws {
    guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
  }
}
