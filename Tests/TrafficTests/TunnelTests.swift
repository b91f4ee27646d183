import Model
import Testing
import Traffic

/// Tunnels between 192.0.2.1 and 192.0.2.2 with a packet from 10.0.0.1 to 10.0.0.2 inside, header by header.
@Suite struct TunnelTests {
  static let udp = "c350"  // source port, and then:

  static let tunnels: [(String, String, String)] = [
    ("IP in IP", "04", ""),
    ("GRE", "2f", "0000 0800"),
    ("GRE with checksum, key and sequence", "2f", "b000 0800 00000000 00000007 00000009"),
    ("NVGRE", "2f", "2000 6558 00002a00" + PacketDecoderTests.ethernet + "0800"),
    // Flags with I, network 42; Ethernet with a tag.
    ("VXLAN", "11", udp + "12b5 0064 0000" + "08000000 00002a00" + PacketDecoderTests.ethernet + "8100 0005 0800"),
    (
      "VXLAN on Linux's old port", "11",
      udp + "2118 0064 0000" + "08000000 00002a00" + PacketDecoderTests.ethernet + "0800"
    ),
    // Version 0 with one word of options, Ethernet; and bare IPv4.
    ("Geneve", "11", udp + "17c1 0064 0000" + "01 00 6558 00002a00 00010000" + PacketDecoderTests.ethernet + "0800"),
    ("Geneve without Ethernet", "11", udp + "17c1 0064 0000" + "00 00 0800 00002a00"),
    // Version 1, G-PDU; and with sequence number and two extension headers of one word.
    ("GTP-U", "11", udp + "0868 0064 0000" + "30 ff 0050 00000001"),
    ("GTP-U extended", "11", udp + "0868 0064 0000" + "36 ff 0050 00000001 0001 00 c0" + "01 0000 85 01 0000 00"),
  ]

  private func outer(_ transport: String) -> String {
    PacketDecoderTests.ethernet + "0800 4500 0100 0001 0000 40" + transport + "0000 c0000201 c0000202"
  }

  private func decode(_ text: String, decapsulate: Bool) -> Packet? {
    let frame = hexadecimal(text)
    let decoded = PacketDecoder(decapsulate: decapsulate).decode(frame.span, wireBytes: 500, linkType: .ethernet)
    if case .ip(let packet) = decoded { return packet } else { return nil }
  }

  @Test(arguments: tunnels)
  func innermost(name: String, transport: String, headers: String) throws {
    let text = outer(transport) + headers + PacketDecoderTests.ipv4 + PacketDecoderTests.tcp
    let inside = try #require(decode(text, decapsulate: true))
    #expect(inside.source == IPAddress("10.0.0.1"))
    #expect((inside.ipBytes, inside.frameBytes) == (47, 500))
    #expect(inside.payload.bytes == 7)
    let outside = try #require(decode(text, decapsulate: false))
    #expect(outside.source == IPAddress("192.0.2.1"))
    #expect((outside.ipBytes, outside.frameBytes) == (256, 500))
  }

  /// The innermost header that can be read, through any number of tunnels; of later fragments the outer one.
  @Test func depth() throws {
    let ipip = "4500 0100 0001 0000 40 04 0000 c0000201 c0000202"
    let many = String(repeating: ipip, count: 200)
    let text = "\(PacketDecoderTests.ethernet) 0800 \(many) \(PacketDecoderTests.ipv4)"
    #expect(try #require(decode(text, decapsulate: true)).source == IPAddress("10.0.0.1"))
    let cut = outer("04") + String(PacketDecoderTests.ipv4.dropLast(2))
    #expect(try #require(decode(cut, decapsulate: true)).source == IPAddress("192.0.2.1"))
    let later = (outer("04") + PacketDecoderTests.ipv4).replacing("0001 0000", with: "0001 0020")
    #expect(try #require(decode(later, decapsulate: true)).source == IPAddress("192.0.2.1"))
  }

  /// Headers that only look like a tunnel's: without VXLAN's flag, of Geneve's version 1, of PPTP, a chain that runs
  /// out.
  static let lookalikes: [(String, String)] = [
    ("11", udp + "12b5 0064 0000 00000000 00002a00" + PacketDecoderTests.ethernet + "0800"),
    ("11", udp + "17c1 0064 0000 40 00 0800 00002a00"), ("2f", "2001 880b 00000000 0000"),
    ("11", udp + "0868 0064 0000 34 ff 0050 00000001 0000 00 85 00 0000 00"),
  ]

  @Test(arguments: lookalikes)
  func noTunnel(transport: String, headers: String) throws {
    let text = outer(transport) + headers + PacketDecoderTests.ipv4
    #expect(try #require(decode(text, decapsulate: true)).source == IPAddress("192.0.2.1"))
  }

  /// Any prefix, and any byte changed, is decoded without a trap, and no packet is longer than it could be.
  @Test(arguments: tunnels)
  func damaged(name: String, transport: String, headers: String) {
    let whole = hexadecimal(outer(transport) + headers + PacketDecoderTests.ipv6 + PacketDecoderTests.tcp)
    let decoder = PacketDecoder(decapsulate: true)
    for count in 0...whole.count {
      _ = decoder.decode(whole.span.extracting(first: count), wireBytes: 500, linkType: .ethernet)
    }
    for index in whole.indices {
      for value in [0x00, 0x01, 0x3f, 0x7f, 0x80, 0xff] as [UInt8] {
        var frame = whole
        frame[index] = value
        if case .ip(let packet) = decoder.decode(frame.span, wireBytes: 500, linkType: .ethernet) {
          #expect(packet.ipBytes <= 65_575)
        }
      }
    }
  }
}
