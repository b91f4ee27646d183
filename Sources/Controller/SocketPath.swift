internal import Glibc

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
    if answers(path) { throw ControllerError("\(path): another controller answers there") }
    unsafe unlink(path)
  }

  private static func answers(_ path: String) -> Bool {
    let file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard file >= 0 else { return false }
    defer { close(file) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    // As long as the kernel's field, with the zero at its end.
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
    return unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(file, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
  }
}
