import Glibc
package import SystemPackage

/// Stream sockets by a path (unix(7)).
package enum UnixSocket {
  /// Nil, with errno, where that fails.
  ///
  /// - Parameter blocking: whether it waits where the server's queue is full, and later calls do.
  package static func connect(to path: FilePath, blocking: Bool = true) -> FileDescriptor? {
    unsafe open(path) { descriptor, address, length in
      if !blocking, fcntl(descriptor, F_SETFL, O_NONBLOCK) != 0 { return -1 }
      return unsafe Glibc.connect(descriptor, address, length)
    }
  }

  /// A server's end, which never blocks. A file of that name is replaced.
  package static func listen(at path: FilePath) -> FileDescriptor? {
    let file = unsafe open(path) { descriptor, address, length in
      _ = unsafe unlink(path.string)
      // Root's alone.
      let mask = umask(0o177)
      defer { umask(mask) }
      return unsafe bind(descriptor, address, length)
    }
    guard let file else { return nil }
    guard Glibc.listen(file.rawValue, 8) == 0, fcntl(file.rawValue, F_SETFL, O_NONBLOCK) == 0 else {
      try? file.close()
      return nil
    }
    return file
  }

  private static func open(
    _ path: FilePath, _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> FileDescriptor? {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.string.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
      errno = ENAMETOOLONG
      return nil
    }
    // Room for it was just checked; the rest is zero.
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    let result = unsafe withUnsafePointer(to: &address) { address in
      // A sockaddr_un begins as sockaddr does.
      unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0 else {
      let code = errno
      close(descriptor)
      errno = code
      return nil
    }
    return FileDescriptor(rawValue: descriptor)
  }
}
