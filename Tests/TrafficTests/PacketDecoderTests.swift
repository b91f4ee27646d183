import Model
import Testing
import Traffic

/// Frames written field by field, and what they say.
@Suite struct PacketDecoderTests {
  static let ethernet = "020000000002" + "020000000001"  // destination, source

  /// TCP from port 40000 to 5001, sequence number 0x01020304, 7 bytes of payload.
  static let tcp =
    "9c40" + "1389"  // ports
    + "01020304" + "00000001"  // sequence and acknowledgement numbers
    + "5018" + "2000"  // data offset 5, PSH and ACK; window
    + "0000" + "0000"  // checksum, urgent pointer

  static let ipv4 =
    "45" + "00" + "002f"  // version 4, header of 5 words; traffic class; total length 47
    + "0001" + "4000"  // identification; don't fragment, offset 0
    + "40" + "06" + "0000"  // time to live; protocol TCP; checksum
    + "0a000001" + "0a000002"  // source 10.0.0.1, destination 10.0.0.2

  static let ipv6 =
    "60000000" + "001b" + "06" + "40"  // version 6; payload length 27; next header TCP; hop limit
    + "20010db8000000000000000000000001" + "20010db8000000000000000000000002"

  private func decode(
    _ text: String, _ linkType: LinkType = .ethernet, wireBytes: Int? = nil, decapsulate: Bool = false
  ) -> DecodedFrame {
    let frame = hexadecimal(text)
    return PacketDecoder(decapsulate: decapsulate)
      .decode(frame.span, wireBytes: wireBytes ?? frame.count, linkType: linkType)
  }

  private func packet(
    _ text: String, _ linkType: LinkType = .ethernet, wireBytes: Int? = nil, decapsulate: Bool = false
  ) -> Packet? {
    if case .ip(let packet) = decode(text, linkType, wireBytes: wireBytes, decapsulate: decapsulate) {
      packet
    } else {
      nil
    }
  }

  @Test func segment() throws {
    // Six bytes of Ethernet's padding follow the seven of payload.
    let text = "\(Self.ethernet) 0800 \(Self.ipv4) \(Self.tcp) 41424344454647 000000000000"
    let packet = try #require(self.packet(text))
    #expect(packet.source == IPAddress("10.0.0.1"))
    #expect(packet.destination == IPAddress("10.0.0.2"))
    #expect(packet.frameBytes == 14 + 47 + 6)
    #expect(packet.ipBytes == 47)
    #expect(packet.payload.kind == .segment)
    #expect(packet.payload.sourcePort == 40000)
    #expect(packet.payload.destinationPort == 5001)
    #expect(packet.payload.sequence == 0x0102_0304)
    #expect(packet.payload.bytes == 7)
    #expect(packet.payload.isPush)
    #expect(!packet.payload.isSyn)
  }

  @Test func segmentOverIPv6() throws {
    let text = "\(Self.ethernet) 86dd \(Self.ipv6) \(Self.tcp) 41424344454647"
    let packet = try #require(self.packet(text))
    #expect(packet.source == IPAddress("2001:db8::1"))
    #expect(packet.destination == IPAddress("2001:db8::2"))
    #expect(packet.ipBytes == 67)
    #expect(packet.payload.bytes == 7)
  }

  /// A segment whose header is cut, at its flags or before, is no segment any more; the packet counts in full.
  @Test(arguments: [(14 + 20 + 14, Payload.Kind.segment), (14 + 20 + 13, .datagram), (14 + 20, .datagram)])
  func snapped(count: Int, kind: Payload.Kind) {
    let frame = Array(hexadecimal("\(Self.ethernet) 0800 \(Self.ipv4) \(Self.tcp)").prefix(count))
    guard case .ip(let packet) = PacketDecoder().decode(frame.span, wireBytes: 61, linkType: .ethernet) else {
      Issue.record("not IP")
      return
    }
    #expect(packet.payload.kind == kind)
    #expect((packet.frameBytes, packet.ipBytes) == (61, 47))
  }

  @Test(arguments: [
    ("8100 0005 0800", LinkType.ethernet), ("88a8 0064 8100 0005 0800", .ethernet),
    ("9100 0001 9100 0002 88a8 0003 8100 0004 0800", .ethernet),
  ])
  func tags(types: String, linkType: LinkType) {
    let text = Self.ethernet + types + Self.ipv4
    #expect(packet(text, linkType)?.ipBytes == 47)
  }

  @Test(arguments: [
    // Packet type, ARP hardware type, address length, address, EtherType.
    ("0000 0001 0006 0200000000010000 0800", LinkType.linuxCooked),
    ("0004 0001 0006 0200000000010000 8100 0005 0800", .linuxCooked),
    // EtherType, reserved, interface, ARP hardware type, packet type, address length, address.
    ("0800 0000 00000003 0001 00 06 0200000000010000", .linuxCooked2),
    ("02000000", .null), ("00000002", .null), ("00000002", .loop), ("", .raw), ("", .rawBSD), ("", .rawOpenBSD),
    ("", .ipv4),
  ])
  func linkLayers(header: String, linkType: LinkType) {
    #expect(packet(header + Self.ipv4, linkType)?.source == IPAddress("10.0.0.1"))
  }

  @Test(arguments: [
    ("0000 0001 0006 0200000000010000 86dd", LinkType.linuxCooked), ("1c000000", .null), ("0000001e", .null),
    ("18000000", .loop), ("", .raw), ("", .ipv6),
  ])
  func linkLayersWithIPv6(header: String, linkType: LinkType) {
    #expect(packet(header + Self.ipv6, linkType)?.source == IPAddress("2001:db8::1"))
  }

  /// To a group by its link layer, or by its address: nobody waits for it.
  @Test(arguments: [
    ("ffffffffffff 020000000001 0800", Self.ipv4, LinkType.ethernet),
    ("0001 0001 0006 0200000000010000 0800", Self.ipv4, .linuxCooked),
    ("0800 0000 00000003 0001 02 06 0200000000010000", Self.ipv4, .linuxCooked2),
    ("", Self.ipv4.replacing("0a000002", with: "e0000001"), .raw),
    ("", Self.ipv4.replacing("0a000002", with: "ffffffff"), .raw),
    ("", Self.ipv6.replacing("20010db8000000000000000000000002", with: "ff020000000000000000000000000001"), .raw),
  ])
  func groups(header: String, ip: String, linkType: LinkType) {
    let text = header + ip + Self.tcp
    #expect(packet(text, linkType)?.payload.kind == Payload.Kind.none)
  }
}
