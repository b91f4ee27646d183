/// A TCP connection between two machines that take turns in sending messages.
struct Conversation {
  struct Packet {
    var source: UInt8
    var destination: UInt8
    var sourcePort: UInt16
    var destinationPort: UInt16
    var sequence: UInt32
    var acknowledged: UInt32
    var payload: UInt16
    var flags: UInt8
  }

  let first: UInt8
  let second: UInt8
  private var isFirstSending = true
  private var sent: (first: UInt32, second: UInt32) = (1000, 500_000)
  private var segmentsLeft = 0
  private var unacknowledged = 0

  init(first: UInt8, second: UInt8) {
    (self.first, self.second) = (first, second)
  }

  mutating func next(_ random: inout SplitMix64) -> Packet {
    if unacknowledged >= 2 || (segmentsLeft == 0 && unacknowledged > 0) {
      unacknowledged = 0
      return packet(fromFirst: !isFirstSending, payload: 0, flags: 0x10)
    }
    if segmentsLeft == 0 {
      if random.below(4) != 0 { isFirstSending.toggle() }
      segmentsLeft = 1 + Int(random.below(12))
    }
    segmentsLeft -= 1
    unacknowledged += 1
    return segmentsLeft == 0
      ? packet(fromFirst: isFirstSending, payload: UInt16(1 + random.below(1448)), flags: 0x18)
      : packet(fromFirst: isFirstSending, payload: 1448, flags: 0x10)
  }

  private mutating func packet(fromFirst: Bool, payload: UInt16, flags: UInt8) -> Packet {
    let packet = Packet(
      source: fromFirst ? first : second, destination: fromFirst ? second : first,
      sourcePort: fromFirst ? 40_000 : 1024, destinationPort: fromFirst ? 1024 : 40_000,
      sequence: fromFirst ? sent.first : sent.second, acknowledged: fromFirst ? sent.second : sent.first,
      payload: payload, flags: flags)
    if fromFirst { sent.first &+= UInt32(payload) } else { sent.second &+= UInt32(payload) }
    return packet
  }
}
