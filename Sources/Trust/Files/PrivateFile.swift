internal import Foundation
internal import SystemPackage

/// Files that are whole or not there at all, and keys that nobody else may read.
enum PrivateFile {
  /// Root's alone, or whoever runs this.
  static let secret: FilePermissions = .ownerReadWrite
  static let readable: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]

  /// - Parameter isSecret: refuses a file that others may read, as ssh does.
  /// - Throws: `missing` where there is none, `file` where it can't be read.
  static func read(_ path: String, isSecret: Bool = false, limit: Int = 1 << 20) throws(TrustError) -> [UInt8] {
    let file: FileDescriptor
    do {
      file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
    } catch Errno.noSuchFileOrDirectory {
      throw TrustError(.missing, "\(path): there is no such file")
    } catch {
      throw TrustError(.file, "\(path): can't be read: \(error)")
    }
    defer { try? file.close() }
    if isSecret, let mode = mode(of: file), mode & 0o077 != 0 {
      throw TrustError(
        .file, "\(path): a key that others may read (mode \(String(mode & 0o777, radix: 8))): chmod 600 \(path)")
    }
    do {
      return try contents(of: file, limit: limit)
    } catch let error as TrustError {
      throw TrustError(error.code, "\(path): \(error.description)")
    } catch {
      throw TrustError(.file, "\(path): can't be read: \(error)")
    }
  }

  private static func contents(of file: FileDescriptor, limit: Int) throws -> [UInt8] {
    let reader = FileHandle(fileDescriptor: file.rawValue, closeOnDealloc: false)
    var bytes: [UInt8] = []
    while let piece = try reader.read(upToCount: limit + 1 - bytes.count), !piece.isEmpty {
      bytes += piece
      guard bytes.count <= limit else { throw TrustError(.malformed, "more than \(limit) bytes") }
    }
    return bytes
  }

  /// Permissions and kind (inode(7)); nil where they can't be read.
  private static func mode(of file: FileDescriptor) -> mode_t? {
    var status = stat()
    // The kernel fills the structure during the call.
    guard unsafe fstat(file.rawValue, &status) == 0 else { return nil }
    return status.st_mode
  }

  /// Makes a new file, on the disk when this returns.
  ///
  /// - Throws: `exists` where there is one of that name, which stays as it is.
  static func create(_ path: String, _ bytes: [UInt8], _ permissions: FilePermissions) throws(TrustError) {
    try write(path, bytes, permissions) { (beside) throws(TrustError) in
      // Unlike renaming, linking never replaces (link(2)).
      guard unsafe link(beside, path) == 0 else {
        let reason = errno
        if reason == EEXIST { throw TrustError(.exists, "\(path): is there already, and is never overwritten") }
        throw TrustError(.file, "\(path): can't be made: \(Errno(rawValue: reason))")
      }
      unsafe unlink(beside)
    }
  }

  /// Makes a file or takes the place of one, on the disk when this returns.
  ///
  /// - Parameter owner: who has it from the beginning; nil: whoever runs this.
  static func replace(
    _ path: String, _ bytes: [UInt8], _ permissions: FilePermissions, owner: UInt32? = nil
  ) throws(TrustError) {
    try write(path, bytes, permissions, owner: owner) { (beside) throws(TrustError) in
      guard unsafe rename(beside, path) == 0 else {
        throw TrustError(.file, "\(path): can't be replaced: \(Errno(rawValue: errno))")
      }
    }
  }

  private static func write(
    _ path: String, _ bytes: [UInt8], _ permissions: FilePermissions, owner: UInt32? = nil,
    _ place: (String) throws(TrustError) -> Void
  ) throws(TrustError) {
    let target = FilePath(path)
    let folder = target.removingLastComponent()
    let name = ".\(target.lastComponent?.string ?? "")-\(String(UInt64.random(in: .min ... .max), radix: 16))"
    let beside = folder.appending(name).string
    do {
      let file = try FileDescriptor.open(
        FilePath(beside), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: permissions)
      try file.closeAfter {
        if let owner, owner != geteuid() {
          // The group stays.
          guard fchown(file.rawValue, owner, gid_t.max) == 0 else { throw Errno(rawValue: errno) }
        }
        try file.writeAll(bytes)
        try synchronise(file)
      }
    } catch {
      unsafe unlink(beside)
      throw TrustError(.file, "\(path): can't be written: \(error)")
    }
    do {
      try place(beside)
    } catch {
      unsafe unlink(beside)
      throw error
    }
    try synchronise(folder: folder.isEmpty ? "." : folder.string)
  }

  /// One that isn't there is no error.
  static func remove(_ path: String) throws(TrustError) {
    guard unsafe unlink(path) == 0 || errno == ENOENT else {
      throw TrustError(.file, "\(path): can't be removed: \(Errno(rawValue: errno))")
    }
  }

  /// Adds a line to a file, on the disk when this returns; one that a crash has cut short stays a line of its own.
  ///
  /// The folder's lock is held.
  static func append(_ path: String, line: [UInt8], _ permissions: FilePermissions) throws(TrustError) {
    let isNew = unsafe access(path, F_OK) != 0
    do {
      let file = try FileDescriptor.open(
        FilePath(path), .readWrite, options: [.create, .append, .closeOnExec], permissions: permissions)
      try file.closeAfter {
        let end = try file.seek(offset: 0, from: .end)
        var isEnded = true
        if end > 0 {
          let reader = FileHandle(fileDescriptor: file.rawValue, closeOnDealloc: false)
          try reader.seek(toOffset: UInt64(end - 1))
          isEnded = try reader.read(upToCount: 1) == Data([UInt8(ascii: "\n")])
        }
        try file.writeAll((isEnded ? [] : [UInt8(ascii: "\n")]) + line + [UInt8(ascii: "\n")])
        try synchronise(file)
      }
    } catch {
      throw TrustError(.file, "\(path): can't be written: \(error)")
    }
    guard isNew else { return }
    let folder = FilePath(path).removingLastComponent()
    try synchronise(folder: folder.isEmpty ? "." : folder.string)
  }

  private static func synchronise(_ file: FileDescriptor) throws {
    guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
  }

  /// The name is in the folder, which is a file of its own (fsync(2)).
  private static func synchronise(folder path: String) throws(TrustError) {
    do {
      let folder = try FileDescriptor.open(FilePath(path), .readOnly, options: [.directory, .closeOnExec])
      try folder.closeAfter { try synchronise(folder) }
    } catch {
      throw TrustError(.file, "\(path): can't be synchronised: \(error)")
    }
  }
}
