/// Packets on their way from where they were seen to the machines that they are for, in the order in which they were
/// seen.
struct ArrivalQueue: Sendable {
  struct Arrival: BitwiseCopyable, Sendable {
    /// When the packet was seen.
    var time: Int64
    /// Index of the end that it reaches.
    var end: UInt32
    var part: MessagePart
  }

  /// Of more than this many on their way the first is taken to be there.
  static let limit = 1 << 16

  /// A ring, whose size is a power of two; small while it can be, to stay in the nearest cache.
  private var ring = [Arrival](repeating: Arrival(time: 0, end: 0, part: .datagram), count: 64)
  private var head = 0
  private(set) var count = 0

  var isFull: Bool { count == Self.limit }

  /// Whether the first is due: it was seen more than `hop` before `time`, or so long after it that the clock was set
  /// back.
  @inline(__always)
  func isDue(at time: Int64, hop: Int64) -> Bool {
    guard count > 0 else { return false }
    let age = time &- ring[head].time
    return age > hop || age < -Flow.silence
  }

  /// - Precondition: it isn't full.
  @inline(__always)
  mutating func append(_ arrival: Arrival) {
    if count == ring.count { grow() }
    ring[(head + count) & (ring.count - 1)] = arrival
    count += 1
  }

  /// - Precondition: there is one.
  @inline(__always)
  mutating func removeFirst() -> Arrival {
    defer {
      head = (head + 1) & (ring.count - 1)
      count -= 1
    }
    return ring[head]
  }

  private mutating func grow() {
    ring = Array(ring[head...] + ring[..<head]) + ring
    head = 0
  }
}
