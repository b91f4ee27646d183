internal import Foundation
internal import SystemPackage

/// Has one writer at a time in a folder, of any process (flock(2)); readers don't wait, since files are replaced whole.
struct FolderLock: Sendable {
  let folder: String

  /// Runs the body while nobody else holds the lock.
  func hold<Result>(_ body: () throws(TrustError) -> Result) throws(TrustError) -> Result {
    let path = folder + "/lock"
    let file: FileDescriptor
    do {
      file = try FileDescriptor.open(
        FilePath(path), .readWrite, options: [.create, .closeOnExec], permissions: PrivateFile.secret)
    } catch Errno.noSuchFileOrDirectory {
      throw TrustError(.missing, "there is no folder \(folder): transhumance ca init --cert-dir \(folder)")
    } catch {
      throw TrustError(.file, "\(path): can't be opened: \(error)")
    }
    // Which gives the lock back, too.
    defer { try? file.close() }
    while flock(file.rawValue, LOCK_EX) != 0 {
      guard errno == EINTR else { throw TrustError(.file, "\(path): can't be locked: \(Errno(rawValue: errno))") }
    }
    return try body()
  }
}
