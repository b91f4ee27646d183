import GRPCCore
import Glibc
import Model
import SwiftProtobuf
import Testing
import Trust
import Wire

/// Connections that are no calls: few are held, each that is turned away has a line, and hosts get through.
@Suite(.timeLimit(.minutes(2))) struct ConnectionFloodTests {
  @Test func garbageInsteadOfAHandshakeIsTurnedAway() async throws {
    try await HostileWorld.with { world in
      try await world.whileAnotherWorks {
        let line = try RawConnection(port: world.port)
        line.write((0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 131 &+ 7) })
        await world.told("refused a connection from")
      }
      #expect(world.lines(with: "refused a connection from").count == 1)
    }
  }

  /// A thousand that say nothing: the oldest go, one that comes after them is served.
  @Test func idleConnectionsKeepNobodyOut() async throws {
    let count = RawConnection.raiseLimit(for: 1000)
    try await HostileWorld.with { world in
      try await world.whileAnotherWorks {
        let idle = try (0..<count).map { _ in try RawConnection(port: world.port) }
        await world.told("others have come before its handshake was done", times: count - 256)
        try await world.call(
          with: world.credentials(.host, "a1"),
          saying: [.with { ($0.hello.host, $0.hello.time) = ("a1", 5_000_000_000) }]
        ) { answers in
          for try await answer in answers where answer.welcome.time != 0 { break }
        }
        #expect(idle.count == count)
      }
      #expect(world.lines(with: "others have come").count <= count)
    }
  }

  /// Of a host with a good key that opens ever more.
  @Test func aHostHasAFewConnectionsOnly() async throws {
    try await HostileWorld.with { world in
      let credentials = try world.credentials(.host, "a1")
      try await world.whileAnotherWorks {
        await withTaskGroup(of: Void.self) { group in
          for _ in 0..<12 {
            group.addTask {
              // Never a greeting: none takes another's place.
              try? await world.call(with: credentials, saying: []) { answers in
                for try await _ in answers {}
              }
            }
          }
          await world.told("closed a connection of host a1: it has opened 8 newer ones", times: 4)
          group.cancelAll()
        }
      }
    }
  }
}

/// A TCP connection to loopback.
private final class RawConnection: Sendable {
  private let file: Int32

  init(port: Int) throws {
    file = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(file >= 0 && result == 0, "can't connect to port \(port): error \(errno)")
  }

  deinit { close(file) }

  func write(_ bytes: [UInt8]) { _ = send(file, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }

  /// Lets this process have both ends of so many connections.
  ///
  /// - Returns: how many it may have, if not so many.
  static func raiseLimit(for count: Int) -> Int {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = min(limit.rlim_max, max(limit.rlim_cur, UInt(2 * count + 1000)))
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return min(count, (Int(clamping: limit.rlim_cur) - 500) / 2)
  }
}
