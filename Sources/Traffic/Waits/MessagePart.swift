/// What an end of a pair needs to know of a packet with something new in it.
package struct MessagePart: BitwiseCopyable, Hashable, Sendable {
  /// Payload, in the upper 31 bits, and whether the packet says that something is complete, in the lowest.
  private let bits: UInt32

  /// Whatever isn't TCP is complete.
  package static let datagram = MessagePart(bytes: 0, isPush: true)

  /// - Parameters:
  ///   - bytes: TCP payload; held to 2³¹ − 1.
  ///   - isPush: the segment has PSH (RFC 9293 §3.9.1.2): its sender had no more to send.
  @inline(__always)
  package init(bytes: UInt32, isPush: Bool) {
    bits = min(bytes, .max >> 1) << 1 | (isPush ? 1 : 0)
  }

  @inline(__always)
  var bytes: UInt32 { bits >> 1 }
  @inline(__always)
  var isPush: Bool { bits & 1 != 0 }
}
