import Glibc
import SystemPackage

/// Memory for the packets on their way: one block of equal buffers. The buffer used last is used first again, so
/// that no more of the block is ever touched than packets were on their way at once.
///
/// Safe: a buffer is a number below `count`, so all of it is inside the block, and the block lives as long as this.
@safe struct WANBuffers: ~Copyable {
  /// More than any packet of the underlay.
  static let size = 2048
  /// 128 MiB: 0.7 s of 1 Gb/s.
  static let count: Int32 = 65_536

  private let memory: UnsafeMutableRawBufferPointer
  private var free: [Int32]

  init() {
    unsafe memory = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.size * Int(Self.count), alignment: 4096)
    free = Array((0..<Self.count).reversed())
  }

  deinit { unsafe memory.deallocate() }

  mutating func take() -> Int32? { free.popLast() }

  mutating func giveBack(_ buffer: Int32) { free.append(buffer) }

  /// Reads a packet; nil: there is none. Hot: once per packet.
  func read(_ file: Int32, into buffer: Int32) -> Int32? {
    let count = unsafe Glibc.read(file, memory.baseAddress?.advanced(by: Int(buffer) * Self.size), Self.size)
    return count > 0 ? Int32(truncatingIfNeeded: count) : nil
  }

  /// Hands a packet over; whether it was taken.
  func write(_ packet: WANPacket, to file: Int32) -> Bool {
    let start = unsafe memory.baseAddress?.advanced(by: Int(packet.buffer) * Self.size)
    return unsafe Glibc.write(file, start, Int(packet.bytes)) == Int(packet.bytes)
  }

  /// What the closure makes of the bytes of a packet.
  func withBytes<Result>(of buffer: Int32, count: Int32, _ body: (RawSpan) -> Result) -> Result {
    let start = Int(buffer) * Self.size
    // For the time of the call; count is what `read` said.
    return unsafe body(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(memory)[start..<(start + Int(count))]))
  }
}
