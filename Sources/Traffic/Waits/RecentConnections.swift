/// How far the TCP connections of a pair have come, to pass over what is sent again.
///
/// Keeps the four that last began or came back; of one that was forgotten the next segment counts as new.
package struct RecentConnections: BitwiseCopyable, Sendable {
  package enum Side: Sendable {
    case first, second
  }

  /// First machine's port in the upper half, the second's in the lower.
  private var ports = SIMD4<UInt32>()
  /// What comes after the highest sequence number seen of each side.
  private var nextFromFirst = SIMD4<UInt32>()
  private var nextFromSecond = SIMD4<UInt32>()
  /// Bit 2·k: `nextFromFirst[k]` is known; bit 2·k + 1: `nextFromSecond[k]` is.
  private var known: UInt8 = 0
  private var latest: UInt8 = 0
  private var oldest: UInt8 = 0

  package init() {}

  /// What is new in a packet: its payload, of TCP only if it goes beyond the highest sequence number of its direction.
  @inline(__always)
  package mutating func part(_ payload: Payload, from sender: Side) -> MessagePart? {
    switch payload.kind {
    case .none: nil
    case .datagram: payload.bytes > 0 ? .datagram : nil
    case .segment: isNew(payload, from: sender) ? MessagePart(bytes: payload.bytes, isPush: payload.isPush) : nil
    }
  }

  /// Whether the segment has payload beyond the highest sequence number of its direction. Numbers are compared as RFC
  /// 9293 §3.4 says, modulo 2³².
  @inline(__always)
  private mutating func isNew(_ segment: Payload, from sender: Side) -> Bool {
    if segment.bytes == 0 && !segment.isSyn { return false }
    let isFirst = sender == .first
    let source = UInt32(segment.sourcePort)
    let destination = UInt32(segment.destinationPort)
    let key = isFirst ? source << 16 | destination : destination << 16 | source
    let slot = slot(of: key)
    let bit: UInt8 = (isFirst ? 1 : 2) << UInt8(2 * slot)
    // A SYN, which takes one sequence number itself, starts a connection anew, perhaps between ports used before.
    if segment.isSyn { known &= ~bit }
    let end = segment.sequence &+ (segment.isSyn ? 1 : 0) &+ segment.bytes
    let next = isFirst ? nextFromFirst[slot] : nextFromSecond[slot]
    guard known & bit == 0 || Int32(bitPattern: end &- next) > 0 else { return false }
    known |= bit
    if isFirst { nextFromFirst[slot] = end } else { nextFromSecond[slot] = end }
    return segment.bytes > 0
  }

  @inline(__always)
  private mutating func slot(of key: UInt32) -> Int {
    if ports[Int(latest)] == key { return Int(latest) }
    return search(key)
  }

  private mutating func search(_ key: UInt32) -> Int {
    for slot in 0..<4 where ports[slot] == key && known >> UInt8(2 * slot) & 3 != 0 {
      latest = UInt8(slot)
      return slot
    }
    let slot = Int(oldest)
    oldest = (oldest + 1) & 3
    ports[slot] = key
    known &= ~(3 << UInt8(2 * slot))
    latest = UInt8(slot)
    return slot
  }
}
