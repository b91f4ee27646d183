/// A pcap file as it is written: little-endian, microseconds, Ethernet, 64-byte snap.
struct CaptureBytes {
  var bytes: [UInt8] = []

  init() {
    little(0xa1b2_c3d4, 4)
    little(2, 2)
    little(4, 2)
    little(0, 8)
    little(64, 4)
    little(1, 4)
  }

  /// A record, and in it Ethernet, IPv4 without options, and TCP with the time stamp option.
  mutating func append(_ packet: Conversation.Packet, at microseconds: UInt64) {
    let ipBytes = 20 + 32 + UInt64(packet.payload)
    let end = bytes.count + 16 + 64
    little(microseconds / 1_000_000, 4)
    little(microseconds % 1_000_000, 4)
    little(min(64, 14 + ipBytes), 4)
    little(14 + ipBytes, 4)
    big(0x0200_0a4d_0000 | UInt64(packet.destination), 6)
    big(0x0200_0a4d_0000 | UInt64(packet.source), 6)
    big(0x0800, 2)
    big(0x4500_0000 | ipBytes, 4)
    big(0x0000_4000_4006_0000, 8)
    big(0x0a4d_0000 | UInt64(packet.source), 4)
    big(0x0a4d_0000 | UInt64(packet.destination), 4)
    big(UInt64(packet.sourcePort), 2)
    big(UInt64(packet.destinationPort), 2)
    big(UInt64(packet.sequence), 4)
    big(UInt64(packet.acknowledged), 4)
    big(0x8000_ffff | UInt64(packet.flags) << 16, 4)
    big(0, 4)
    big(0x0101_080a, 4)
    big(microseconds, 8)
    bytes.append(contentsOf: repeatElement(0x55, count: max(0, end - bytes.count)))
    bytes.removeLast(bytes.count - end)
  }

  private mutating func little(_ number: UInt64, _ count: Int) {
    for shift in 0..<count { bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * shift))) }
  }

  private mutating func big(_ number: UInt64, _ count: Int) {
    for shift in (0..<count).reversed() { bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * shift))) }
  }
}
