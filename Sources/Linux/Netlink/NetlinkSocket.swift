import CLinux
import Glibc

/// A socket of family AF_NETLINK, protocol NETLINK_ROUTE (rtnetlink(7)), in the network namespace of the thread that
/// makes it.
package final class NetlinkSocket: NetlinkTransport {
  /// Groups of changes that a socket can hear of.
  package enum Group: Int32, Hashable, Sendable {
    case links = 1
    case neighbours = 3
    case addressesV4 = 5
    case addressesV6 = 9
  }

  /// For `poll` and its like.
  package let descriptor: Int32

  /// - Parameters:
  ///   - groups: whose changes are received beside answers.
  ///   - patience: seconds that `receive` waits; 0: not at all.
  package init(groups: [Group] = [], patience: Int = 10) throws(NetlinkError) {
    let wait = patience == 0 ? Int32(SOCK_NONBLOCK.rawValue) : 0
    descriptor = socket(AF_NETLINK, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | wait, NETLINK_ROUTE)
    guard descriptor >= 0 else { throw .last("open a netlink socket") }
    do throws(NetlinkError) {
      // All answers of a batch wait here until they are read; 4 MiB take some 3,000 errors. Without CAP_NET_ADMIN:
      // what the system allows.
      if !set(SOL_SOCKET, SO_RCVBUFFORCE, 4 << 20) { set(SOL_SOCKET, SO_RCVBUF, 4 << 20) }
      if !set(SOL_SOCKET, SO_SNDBUFFORCE, 1 << 20) { set(SOL_SOCKET, SO_SNDBUF, 1 << 20) }
      // Errors come with the kernel's words, and without a copy of the request.
      set(SOL_NETLINK, NETLINK_EXT_ACK, 1)
      set(SOL_NETLINK, NETLINK_CAP_ACK, 1)
      if patience > 0 {
        var time = timeval(tv_sec: patience, tv_usec: 0)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
      }
      try bind()
      for group in groups {
        guard set(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group.rawValue) else {
          throw .last("listen to changes of \(group)")
        }
      }
    } catch {
      close(descriptor)
      throw error
    }
  }

  deinit {
    close(descriptor)
  }

  @discardableResult
  private func set(_ level: Int32, _ option: Int32, _ value: Int32) -> Bool {
    var value = value
    // The kernel reads the four bytes during the call.
    return unsafe setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size)) == 0
  }

  /// Port 0: the kernel chooses one, since a process may have many sockets.
  private func bind() throws(NetlinkError) {
    var address = sockaddr_nl()
    address.nl_family = sa_family_t(AF_NETLINK)
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      // A sockaddr_nl is passed as the sockaddr that its family says it is.
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_nl>.size))
      }
    }
    guard result == 0 else { throw .last("bind a netlink socket") }
  }

  package func send(_ bytes: [UInt8]) throws(NetlinkError) {
    while true {
      // The array outlives the call. Not connected: the destination of such a socket is the kernel.
      let sent = unsafe Glibc.send(descriptor, bytes, bytes.count, 0)
      if sent >= 0 { return }
      if errno != EINTR { throw .last("send \(bytes.count) bytes to the kernel") }
    }
  }

  package func receive() throws(NetlinkError) -> [UInt8] {
    while true {
      var sender = sockaddr_nl()
      var received = 0
      // Answers have at most 32 KiB (dumps) or the size of one message; the kernel writes no more than it is given.
      let datagram = unsafe [UInt8](unsafeUninitializedCapacity: Self.largestAnswer) { buffer, count in
        received = unsafe receive(into: buffer, from: &sender)
        count = max(0, min(received, Self.largestAnswer))
      }
      if received > Self.largestAnswer {
        throw NetlinkError(code: EMSGSIZE, message: "an answer of \(received) bytes", operation: "read from the kernel")
      }
      if received >= 0 {
        // Another process may send here too.
        if sender.nl_pid == 0 { return datagram }
      } else if errno != EINTR {
        throw .last("wait for the kernel")
      }
    }
  }

  private func receive(into buffer: UnsafeMutableBufferPointer<UInt8>, from sender: inout sockaddr_nl) -> Int {
    var length = socklen_t(MemoryLayout<sockaddr_nl>.size)
    return unsafe withUnsafeMutablePointer(to: &sender) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe recvfrom(
          descriptor, buffer.baseAddress, buffer.count, Int32(MSG_TRUNC), $0, &length)
      }
    }
  }

  private static let largestAnswer = 1 << 16
}

extension NetlinkError {
  /// What `errno` says.
  static func last(_ operation: String) -> NetlinkError {
    NetlinkError(code: errno, operation: operation)
  }
}
