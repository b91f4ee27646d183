internal import Glibc
internal import Linux
internal import SystemPackage

/// Where operators' socket is to be: made free where an earlier controller has left its own.
enum SocketPath {
  /// - Throws: where something else is there, or somebody answers.
  static func claim(_ path: String) throws(ControllerError) {
    var status = stat()
    // Both are of this frame.
    guard unsafe lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw ControllerError("\(path) is there already, and is no socket: move it away, or give another --socket")
    }
    if let connection = UnixSocket.connect(to: FilePath(path)) {
      try? connection.close()
      throw ControllerError("\(path): another controller answers there")
    }
    unsafe unlink(path)
  }
}
