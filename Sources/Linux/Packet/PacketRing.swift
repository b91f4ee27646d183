internal import CLinux
internal import Glibc
internal import Synchronization
package import SystemPackage

/// All frames of some interfaces of the network namespace in which it was made: one AF_PACKET socket with a ring that the
/// kernel fills (packet(7); TPACKET_V3 of Documentation/networking/packet_mmap.rst), read by a thread of its own.
///
/// What the ring can't hold is lost, and counted exactly (``takeDropped()``).
@safe
package final class PacketRing: Sendable {
  /// Bytes that are kept of a frame: headers of any depth that is looked at.
  package static let snapLength: UInt32 = 256
  /// A block with a frame in it is handed over after twice this at the latest.
  package static let retireMilliseconds: UInt32 = 50
  /// Frames with a time stamp older than this, before the ring was found empty, have been handed over.
  package static let settlingNanoseconds: Int64 = 150_000_000

  package static let blockBytes: UInt32 = 1 << 20
  package let blocks: UInt32

  private let socket: FileDescriptor
  // SAFETY: mapped by init and unmapped by deinit, which comes after the thread has ended: it holds a reference.
  private nonisolated(unsafe) let ring: UnsafeMutablePointer<UInt8>
  private let isStopped = Atomic(false)
  private let thread = Mutex<pthread_t?>(nil)

  /// What the thread hands to its closure.
  package enum Event {
    case block(PacketBlock)
    /// Nothing more is there that had been ready at this time, nanoseconds since 1970.
    case drained(Int64)
  }

  /// Takes nothing until ``take(interfaces:)``.
  ///
  /// - Parameter mebibytes: of the ring.
  package init(mebibytes: UInt32 = 64) throws(PacketRingError) {
    // Nothing is received before bind: protocol 0.
    let descriptor = Glibc.socket(AF_PACKET, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw .last("open a packet socket") }
    socket = FileDescriptor(rawValue: descriptor)
    blocks = max(2, mebibytes)
    guard let ring = unsafe clinux_ring_map(descriptor, Self.blockBytes, blocks, Self.retireMilliseconds) else {
      let error = PacketRingError.last("make a packet ring of \(mebibytes) MiB")
      try? socket.close()
      throw error
    }
    unsafe self.ring = ring
    try take(interfaces: [])
    var address = sockaddr_ll()
    address.sll_family = UInt16(AF_PACKET)
    address.sll_protocol = UInt16(ETH_P_ALL).bigEndian
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_ll>.size))
      }
    }
    // What was opened is closed by deinit.
    guard result == 0 else { throw .last("bind a packet socket") }
  }

  deinit {
    unsafe munmap(ring, Int(Self.blockBytes) * Int(blocks))
    try? socket.close()
  }

  /// From here on takes the frames of these interfaces, told by their indices, and no others.
  package func take(interfaces: some Sequence<UInt32>) throws(PacketRingError) {
    let filter = PacketFilter(interfaces: interfaces, bytes: Self.snapLength)
    var code = filter.instructions.map {
      sock_filter(code: $0.code, jt: $0.ifTrue, jf: $0.ifFalse, k: $0.operand)
    }
    // The kernel copies the program during the call.
    let result = unsafe code.withUnsafeMutableBufferPointer { buffer in
      var program = unsafe sock_fprog(len: UInt16(buffer.count), filter: buffer.baseAddress)
      return unsafe setsockopt(
        socket.rawValue, SOL_SOCKET, SO_ATTACH_FILTER, &program, socklen_t(MemoryLayout<sock_fprog>.size))
    }
    guard result == 0 else { throw .last("set the filter of a packet socket") }
  }

  /// Frames that the ring had no room for since the last call.
  package func takeDropped() -> UInt64 {
    var statistics = tpacket_stats_v3()
    var length = socklen_t(MemoryLayout<tpacket_stats_v3>.size)
    guard unsafe getsockopt(socket.rawValue, SOL_PACKET, PACKET_STATISTICS, &statistics, &length) == 0 else { return 0 }
    return UInt64(statistics.tp_drops)
  }

  /// Starts the thread, which hands over what comes, and what is there already. To be called once.
  package func start(_ body: @escaping @Sendable (Event) -> Void) throws(PacketRingError) {
    var started = pthread_t()
    let retained = unsafe Unmanaged.passRetained(Work(ring: self, body: body)).toOpaque()
    let failure = unsafe pthread_create(&started, nil, { unsafe PacketRing.main($0) }, retained)
    guard failure == 0 else {
      unsafe Unmanaged<Work>.fromOpaque(retained).release()
      throw PacketRingError(code: Errno(rawValue: failure), operation: "start a thread")
    }
    thread.withLock { $0 = started }
  }

  /// Ends the thread once everything has been handed over that came before this call: within 0.3 s. It isn't for the
  /// thread itself to call.
  package func stop() {
    isStopped.store(true, ordering: .releasing)
    let running = thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    if let running { pthread_join(running, nil) }
  }

  private final class Work: Sendable {
    let ring: PacketRing
    let body: @Sendable (Event) -> Void

    init(ring: PacketRing, body: @escaping @Sendable (Event) -> Void) {
      (self.ring, self.body) = (ring, body)
    }
  }

  private static func main(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument = unsafe argument else { return nil }
    let work = unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
    work.ring.read(work.body)
    return nil
  }

  private func read(_ body: (Event) -> Void) {
    var next = 0
    var end: UInt64?
    while true {
      if isStopped.load(ordering: .acquiring), end == nil {
        end = RealTime.now + UInt64(Self.settlingNanoseconds)
      }
      let isLast = end.map { RealTime.now >= $0 } ?? false
      let now = KernelClock.now
      // As many blocks as there are, so that the time is looked at even if they never end.
      for _ in 0..<blocks {
        let block = unsafe UnsafeMutableRawPointer(ring + next * Int(Self.blockBytes))
        guard unsafe clinux_block_is_ready(block) else {
          body(.drained(now))
          break
        }
        unsafe body(.block(PacketBlock(start: block)))
        unsafe clinux_block_release(block)
        next = (next + 1) % Int(blocks)
      }
      if isLast { return }
      _ = RealTime.wait(for: [socket.rawValue], until: RealTime.now + 50_000_000)
    }
  }
}

/// A packet socket that can't be had.
package struct PacketRingError: Error, Hashable, Sendable, CustomStringConvertible {
  package var code: Errno
  /// What was tried.
  package var operation: String

  static func last(_ operation: String) -> PacketRingError {
    PacketRingError(code: Errno(rawValue: errno), operation: operation)
  }

  package var description: String {
    let demand = code == .notPermitted || code == .permissionDenied ? "; it takes root, or CAP_NET_RAW" : ""
    return "can't \(operation): \(code)\(demand)"
  }
}
