import Foundation
import SystemPackage

/// A file that the user names for a result, which is written whole or not at all where that can be: a new or regular
/// file gets its content by renaming; what is anything else (a FIFO, a device, a file in a folder in which nothing can
/// be made) is opened and written. Symbolic links are followed, and stay.
struct OutputFile {
  /// As the user wrote it.
  private let path: String
  /// Where links lead to, in whose folder a file can be made; nil: opened and written.
  private let replaced: FilePath?
  /// Of the file that is replaced.
  private let mode: FilePermissions?

  /// Finds out whether and how the file can be written, so that nobody waits for a result that has nowhere to go.
  ///
  /// - Parameter suffix: what the name of an existing file has to end in, so that no capture is overwritten by mistake.
  init(path: String, suffix: String) throws {
    self.path = path
    switch try FileStatus(of: path) {
    case nil:
      let folder = FilePath(path).removingLastComponent()
      let name = folder.isEmpty ? "." : folder.string
      switch try FileStatus(of: name)?.kind {
      case .folder: break
      case nil: throw CommandFailure(message: "\(path): there is no folder \(name): make it, or name another")
      default: throw CommandFailure(message: "\(path): \(name) is no folder")
      }
      let isLink = try FileStatus(of: path, followingLinks: false) != nil
      guard isLink || FileManager.default.isWritableFile(atPath: name) else {
        throw CommandFailure(message: "\(path): nothing may be written in \(name): name another folder")
      }
      // A link to nowhere: opening makes what it points to.
      (replaced, mode) = (isLink ? nil : FilePath(path), nil)
    case let status? where status.kind == .folder:
      throw CommandFailure(message: "\(path): is a directory: name a file in it")
    case let status?:
      guard FileManager.default.isWritableFile(atPath: path) else {
        throw CommandFailure(message: "\(path): may not be written: name another file")
      }
      guard try !status.isStandardOutput() else {
        throw CommandFailure(message: "\(path): is standard output, where the result goes: name another file")
      }
      guard status.kind == .file else {
        (replaced, mode) = (nil, nil)
        return
      }
      guard path.hasSuffix(suffix) else {
        throw CommandFailure(
          message: "\(path): is there already, and its name doesn't end in \(suffix): remove it, or name another")
      }
      let target = FilePath(URL(filePath: path).resolvingSymlinksInPath().path)
      let isFolderWritable = FileManager.default.isWritableFile(
        atPath: target.removingLastComponent().string)
      (replaced, mode) = (isFolderWritable ? target : nil, status.permissions)
    }
  }

  func write(_ text: String) throws {
    do {
      if let replaced {
        try replace(replaced, by: text)
      } else {
        let file = try FileDescriptor.open(
          FilePath(path), .writeOnly, options: [.create, .truncate], permissions: Self.usual)
        _ = try file.closeAfter { try file.writeAll(text.utf8) }
      }
    } catch {
      throw CommandFailure(message: "\(path): can't be written: \(error)")
    }
  }

  private func replace(_ target: FilePath, by text: String) throws {
    let temporary = target.removingLastComponent().appending(".transhumance-\(UUID().uuidString)")
    let file = try FileDescriptor.open(
      temporary, .writeOnly, options: [.create, .exclusiveCreate], permissions: Self.usual)
    do {
      _ = try file.closeAfter { try file.writeAll(text.utf8) }
      // C strings that live for the calls.
      guard mode.map({ unsafe chmod(temporary.string, $0.rawValue) == 0 }) ?? true,
        unsafe rename(temporary.string, target.string) == 0
      else { throw Errno(rawValue: errno) }
    } catch {
      unsafe unlink(temporary.string)
      throw error
    }
  }

  /// Less what the umask takes.
  private static let usual: FilePermissions = [.ownerReadWrite, .groupReadWrite, .otherReadWrite]
}

/// What `stat(2)` tells of a path.
private struct FileStatus {
  enum Kind { case file, folder, other }

  private let status: stat

  /// Nil where there is nothing.
  init?(of path: String, followingLinks: Bool = true) throws {
    var status = stat()
    // The kernel fills the structure during the call.
    guard unsafe (followingLinks ? stat(path, &status) : lstat(path, &status)) == 0 else {
      let reason = Errno(rawValue: errno)
      if [.noSuchFileOrDirectory, .notDirectory].contains(reason) { return nil }
      throw CommandFailure(message: "\(path): \(reason): name another file")
    }
    self.status = status
  }

  var kind: Kind {
    switch status.st_mode & S_IFMT {
    case S_IFREG: .file
    case S_IFDIR: .folder
    default: .other
    }
  }

  var permissions: FilePermissions { FilePermissions(rawValue: status.st_mode & 0o7777) }

  /// Terminals and other devices may take more than one result.
  func isStandardOutput() throws -> Bool {
    var output = stat()
    // As above.
    guard unsafe fstat(STDOUT_FILENO, &output) == 0 else { return false }
    return status.st_mode & S_IFMT != S_IFCHR && (output.st_dev, output.st_ino) == (status.st_dev, status.st_ino)
  }
}
