import Glibc
import SystemPackage

/// Held while a lab is made or taken down, so that two commands don't do so at once. It is a name in the kernel's
/// memory (an abstract socket, unix(7)), which goes with the process.
struct LabLock: ~Copyable {
  private let file: Int32

  /// - Throws: where another process holds it
  init() throws(LabError) {
    file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let name = Array("transhumance-lab".utf8)
    // Shorter than the field; the first byte stays zero.
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { field in
      for (index, byte) in name.enumerated() { unsafe field[index + 1] = byte }
    }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + 1 + name.count)
    let result = unsafe withUnsafePointer(to: &address) { address in
      // A sockaddr_un begins as sockaddr does.
      unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(file, $0, length) }
    }
    guard result == 0 else {
      let error = Errno(rawValue: errno)
      close(file)
      guard error == .addressInUse else { throw LabError("the lab's lock can't be taken: \(error)") }
      throw LabError("a lab is being made or taken down by another command: wait for it, or end it")
    }
  }

  deinit { close(file) }
}
