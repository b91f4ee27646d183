/// One direction between two sites, as a value: packets go in with the time, and come out when they are due.
///
/// A packet first waits for the line, then occupies it for bytes / bandwidth, then travels for the latency. What would
/// wait longer than the line's bound is lost (a tail-drop queue). Order is kept, whatever changes.
package struct WANPath: Sendable {
  package private(set) var line: WANLine
  package private(set) var counts = WANCounts()
  private var queue = WANQueue()
  /// When the line has sent all that it was given.
  private var free: UInt64 = 0

  package init(_ line: WANLine) {
    self.line = line
  }

  /// Packets on the way.
  package var inFlight: Int { queue.count }
  /// When the first of them arrives, in nanoseconds of the monotonic clock; nil where there is none.
  package var nextDue: UInt64? { queue.first?.due }

  /// Whether the packet was taken; if not, it is lost, and counted so.
  package mutating func admit(_ packet: WANPacket, at now: UInt64) -> Bool {
    guard !line.isCut else {
      counts.droppedByCut += 1
      return false
    }
    let start = max(now, free)
    guard start - now <= line.longestWait else {
      counts.droppedByQueue += 1
      return false
    }
    free = start + line.serialisation(bytes: packet.bytes)
    var packet = packet
    packet.due = free + line.latency
    queue.append(packet)
    return true
  }

  /// The next packet, if it is due; it counts as delivered.
  package mutating func next(at now: UInt64) -> WANPacket? {
    guard let due = nextDue, due <= now, let packet = queue.removeFirst() else { return nil }
    counts.packets += 1
    counts.bytes += UInt64(packet.bytes)
    return packet
  }

  /// Gives the line other properties. Packets that have left come as much earlier or later as the latency changed, but
  /// not in the past; those that wait leave at the new bandwidth.
  /// - Parameter lost: called with each packet that a cut loses
  package mutating func change(to line: WANLine, at now: UInt64, lost: (WANPacket) -> Void) {
    let before = self.line
    self.line = line
    if line.isCut {
      while let packet = queue.removeFirst() {
        counts.droppedByCut += 1
        lost(packet)
      }
    }
    free = now
    queue.retime { packet in
      // The clock may be younger than the latency.
      var departure = Int64(packet.due) - Int64(before.latency)
      if departure > Int64(now) {
        free += line.serialisation(bytes: packet.bytes)
        departure = Int64(free)
      }
      return UInt64(max(Int64(now), departure + Int64(line.latency)))
    }
  }
}

/// What went over one direction.
package struct WANCounts: Hashable, Sendable {
  /// Delivered.
  package var packets: UInt64 = 0
  package var bytes: UInt64 = 0
  package var droppedByQueue: UInt64 = 0
  package var droppedByCut: UInt64 = 0

  package init() {}
}
