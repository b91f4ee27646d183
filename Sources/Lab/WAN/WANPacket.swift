/// A packet on its way: where its bytes are, and when it arrives.
package struct WANPacket: Hashable, Sendable {
  /// Number of the buffer that holds it.
  package var buffer: Int32
  /// Length of the IP packet.
  package var bytes: Int32
  /// When it reaches the other site, nanoseconds of the monotonic clock.
  package var due: UInt64

  package init(buffer: Int32, bytes: Int32, due: UInt64 = 0) {
    self.buffer = buffer
    self.bytes = bytes
    self.due = due
  }
}

/// Packets in the order of arrival, in a ring that grows and never shrinks: no allocation once it is large enough.
package struct WANQueue: Sendable {
  private var ring: [WANPacket] = Array(repeating: WANPacket(buffer: 0, bytes: 0), count: 64)
  private var head = 0
  package private(set) var count = 0

  package init() {}

  package var first: WANPacket? { count > 0 ? ring[head] : nil }

  package mutating func append(_ packet: WANPacket) {
    if count == ring.count {
      // Turned, so that the oldest comes first, and then room after the youngest.
      ring = Array(ring[head...] + ring[..<head]) + ring
      head = 0
    }
    ring[(head + count) & (ring.count - 1)] = packet
    count += 1
  }

  package mutating func removeFirst() -> WANPacket? {
    guard count > 0 else { return nil }
    let packet = ring[head]
    head = (head + 1) & (ring.count - 1)
    count -= 1
    return packet
  }

  /// Changes the time of arrival of each.
  mutating func retime(_ change: (WANPacket) -> UInt64) {
    for index in 0..<count {
      let place = (head + index) & (ring.count - 1)
      ring[place].due = change(ring[place])
    }
  }
}
