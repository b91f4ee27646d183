import Glibc
import Linux
import SystemPackage
import Testing

/// A UDP socket in each of machines 1 and 2, connected to the other; a thread of the test sends and receives by them.
final class GuestSockets: Sendable {
  private static let bytes = 100
  private let files: [Int32]

  init(_ guests: Guests) throws {
    files = try (1...2).map { number in
      try NetworkNamespace(FilePath("/run/netns/\(guests.namespace(number))")).run {
        let file = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var wait = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
        let isBound = Self.with(number) { bind(file, $0, $1) } == 0
        try #require(isBound && Self.with(3 - number) { connect(file, $0, $1) } == 0)
        return file
      }
    }
  }

  deinit { files.forEach { _ = close($0) } }

  private static func with(_ number: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(9000).bigEndian
    address.sin_addr.s_addr = UInt32(0x0a09_0000 | number).bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
  }

  /// A datagram of 100 bytes to the other machine.
  func send(from number: Int) {
    _ = Glibc.send(files[number - 1], [UInt8](repeating: 0, count: Self.bytes), Self.bytes, 0)
  }

  /// Takes the next datagram; false where none comes within a second.
  func receive(at number: Int) -> Bool {
    var buffer = [UInt8](repeating: 0, count: Self.bytes)
    return recv(files[number - 1], &buffer, Self.bytes, 0) > 0
  }
}
