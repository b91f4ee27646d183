internal import CLinux
internal import Glibc
internal import Synchronization
package import SystemPackage

/// Notes when frames come out of a guest, by the kernel's clock: the times of the latest frames that its tap received.
///
/// Reads an AF_PACKET socket (packet(7)) in a thread of its own until it is stopped or released; frames to the guest
/// are not noted, since they may wait at the tap while the guest stands still.
@safe
package final class FrameClock: Sendable {
  private struct State {
    var times: [Int64] = []
    var next = 0
    var isStopped = false
  }
  private let state = Mutex(State())
  private let socket: FileDescriptor

  /// Times that are kept; older ones are forgotten.
  package static let capacity = 1 << 16

  /// - Parameter interface: the tap's name.
  package init(interface: String) throws(Errno) {
    let index = unsafe if_nametoindex(interface)
    guard index != 0 else { throw Errno(rawValue: errno) }
    // Nothing is received before bind: protocol 0.
    let descriptor = Glibc.socket(AF_PACKET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw Errno(rawValue: errno) }
    socket = FileDescriptor(rawValue: descriptor)
    var on: Int32 = 1
    var wait = timeval(tv_sec: 0, tv_usec: 100_000)
    var address = sockaddr_ll()
    address.sll_family = UInt16(AF_PACKET)
    address.sll_protocol = UInt16(ETH_P_ALL).bigEndian
    address.sll_ifindex = Int32(index)
    let results = unsafe [
      setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &on, socklen_t(MemoryLayout<Int32>.size)),
      setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size)),
      withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_ll>.size))
        }
      },
    ]
    guard results.allSatisfy({ $0 == 0 }) else {
      // The socket is closed by deinit.
      throw Errno(rawValue: errno)
    }
    var thread = pthread_t()
    let retained = unsafe Unmanaged.passRetained(self).toOpaque()
    let failure = unsafe pthread_create(&thread, nil, { unsafe FrameClock.main($0) }, retained)
    guard failure == 0 else {
      unsafe Unmanaged<FrameClock>.fromOpaque(retained).release()
      throw Errno(rawValue: failure)
    }
    pthread_detach(thread)
  }

  deinit { try? socket.close() }

  /// Ends the thread within 100 ms.
  package func stop() { state.withLock { $0.isStopped = true } }

  /// Nanoseconds since 1970 of the latest frames from the guest, ascending.
  package var times: [Int64] { state.withLock { $0.times }.sorted() }

  private static func main(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument = unsafe argument else { return nil }
    let clock = unsafe Unmanaged<FrameClock>.fromOpaque(argument).takeRetainedValue()
    while !clock.state.withLock({ $0.isStopped }) {
      if let time = unsafe clock.receive() {
        clock.state.withLock { state in
          if state.times.count < capacity { state.times.append(time) } else { state.times[state.next] = time }
          state.next = (state.next + 1) % capacity
        }
      }
    }
    return nil
  }

  /// The time of the next frame from the guest; nil where none came in time, or one to the guest.
  @unsafe
  private func receive() -> Int64? {
    var octet: UInt8 = 0
    var control: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0, 0)
    var address = sockaddr_ll()
    return unsafe withUnsafeMutablePointer(to: &octet) { data in
      unsafe withUnsafeMutablePointer(to: &address) { name in
        unsafe withUnsafeMutableBytes(of: &control) { buffer -> Int64? in
          var vector = unsafe iovec(iov_base: data, iov_len: 1)
          return unsafe withUnsafeMutablePointer(to: &vector) { vectors -> Int64? in
            var message = unsafe msghdr(
              msg_name: name, msg_namelen: socklen_t(MemoryLayout<sockaddr_ll>.size), msg_iov: vectors, msg_iovlen: 1,
              msg_control: buffer.baseAddress, msg_controllen: buffer.count, msg_flags: 0)
            guard unsafe recvmsg(socket.rawValue, &message, 0) >= 0,
              unsafe name.pointee.sll_pkttype != UInt8(PACKET_OUTGOING),
              unsafe message.msg_controllen >= MemoryLayout<cmsghdr>.size + MemoryLayout<timespec>.size
            else { return nil }
            let header = unsafe buffer.loadUnaligned(as: cmsghdr.self)
            guard header.cmsg_level == SOL_SOCKET, header.cmsg_type == SO_TIMESTAMPNS else { return nil }
            let time = unsafe buffer.loadUnaligned(fromByteOffset: MemoryLayout<cmsghdr>.size, as: timespec.self)
            return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
          }
        }
      }
    }
  }
}
