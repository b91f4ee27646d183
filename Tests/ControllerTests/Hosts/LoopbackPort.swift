import Glibc
import Testing

/// A TCP port of loopback that is a test's own until this is released, for listeners that come and go.
///
/// A socket that is bound to it and doesn't listen keeps it: the kernel gives it to nobody else who asks for any port,
/// and lets sockets listen there that say so (SO_REUSEADDR, socket(7)).
final class LoopbackPort: Sendable {
  private let file: Int32
  let number: Int

  init() throws {
    file = try Self.makeSocket(at: 0)
    var (address, length) = (sockaddr_in(), socklen_t(MemoryLayout<sockaddr_in>.size))
    let file = file
    let result = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(file, $0, &length) }
    }
    try #require(result == 0)
    number = Int(UInt16(bigEndian: address.sin_port))
  }

  deinit { close(file) }

  /// A socket that listens.
  struct Listener {
    /// For a server, which closes it.
    let server: Int32
    fileprivate let own: Int32

    /// Nobody listens any more, not even a program that another test started meanwhile and that inherited the socket.
    /// (All of them inherit NIO's own sockets, which aren't closed on exec and would keep the port.)
    func end() {
      shutdown(own, Int32(SHUT_RDWR))
      close(own)
    }
  }

  func listen() throws -> Listener {
    let server = try Self.makeSocket(at: UInt16(number))
    let own = fcntl(server, F_DUPFD_CLOEXEC, 0)
    try #require(own >= 0 && Glibc.listen(server, 128) == 0, "can't listen at port \(number): error \(errno)")
    return Listener(server: server, own: own)
  }

  private static func makeSocket(at port: UInt16) throws -> Int32 {
    let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var (isReused, address) = (Int32(1), sockaddr_in())
    setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &isReused, socklen_t(MemoryLayout<Int32>.size))
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(file >= 0 && result == 0, "can't bind port \(port): error \(errno)")
    return file
  }
}

struct LoopbackPortTests {
  /// A child between fork and exec, say.
  @Test func whoeverInheritedAListenerDoesNotKeepItsPort() throws {
    let port = try LoopbackPort()
    let first = try port.listen()
    let inherited = dup(first.server)
    defer { close(inherited) }
    close(first.server)
    first.end()
    let second = try port.listen()
    close(second.server)
    second.end()
  }
}
