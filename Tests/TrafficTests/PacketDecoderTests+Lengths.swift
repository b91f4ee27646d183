import Model
import Testing
import Traffic

extension PacketDecoderTests {
  /// IP bytes where the header's length is 0, of a frame of 3000 bytes.
  static let lengths: [(String, String, UInt64)] = [
    ("0800", ipv4.replacing("002f", with: "0000"), 2986),  // the frame's length less Ethernet's header
    ("86dd", ipv6.replacing("001b06", with: "000006"), 2986),
    ("86dd", ipv6.replacing("001b06", with: "00003b"), 40),  // no next header: nothing follows
    // Hop-by-hop: next header TCP, eight bytes long, jumbo payload option of 70,000 bytes.
    ("86dd", ipv6.replacing("001b06", with: "000000") + "06 00 c2 04 00011170", 70_040),
    // Pad1, then PadN of no bytes, then the option.
    ("86dd", ipv6.replacing("001b06", with: "000000") + "06 01 00 01 00 c2 04 00011170 01 03 000000", 70_040),
    // The option's length is wrong; the option is cut.
    ("86dd", ipv6.replacing("001b06", with: "000000") + "06 00 c2 05 00011170", 2986),
    ("86dd", ipv6.replacing("001b06", with: "000000") + "06 00 c2 04 0001", 2986),
    ("0800", ipv4.replacing("002f", with: "0003"), 3),  // implausible, but what the header says
  ]

  @Test(arguments: lengths)
  func ipBytes(type: String, ip: String, expected: UInt64) {
    let frame = hexadecimal(Self.ethernet + type + ip)
    guard case .ip(let packet) = PacketDecoder().decode(frame.span, wireBytes: 3000, linkType: .ethernet) else {
      Issue.record("not IP")
      return
    }
    #expect(packet.ipBytes == expected)
    #expect(packet.frameBytes == 3000)
  }

  /// Payload behind extension headers, or none of it. Payload length 67: 20 of TCP, the rest headers and payload.
  @Test(arguments: [
    // Routing, 24 bytes: next header TCP.
    ("2b", "06 02 00 00 00000000 20010db8000000000000000000000009", Payload.Kind.segment, 23),
    // Hop-by-hop, then destination options, eight bytes each.
    ("00", "3c 00 01 04 00000000" + "06 00 01 04 00000000", .segment, 31),
    // Authentication, 4 + 2 words.
    ("33", "06 04 0000 00000001 00000001 000000000000000000000000", .segment, 23),
    // Fragments: the first, with more to come, and a later one.
    ("2c", "06 00 0001 00000007", .segment, 39), ("2c", "06 00 03f1 00000007", .none, 0),
    // Encapsulating security payload: not looked into.
    ("32", "00000001", .datagram, 67),
  ])
  func extensionHeaders(next: String, headers: String, kind: Payload.Kind, bytes: UInt32) {
    let ip = Self.ipv6.replacing("001b06", with: "0043\(next)")
    let frame = hexadecimal(ip + headers + Self.tcp)
    guard case .ip(let packet) = PacketDecoder().decode(frame.span, wireBytes: 107, linkType: .raw) else {
      Issue.record("not IP")
      return
    }
    #expect(packet.payload.kind == kind)
    #expect(packet.payload.bytes == bytes)
    #expect(packet.ipBytes == 107)
  }

  @Test(arguments: [
    ("2000", Payload.Kind.segment),  // first fragment, more to come
    ("2001", .none), ("1fff", .none),  // later ones
  ])
  func fragments(offset: String, kind: Payload.Kind) {
    let frame = hexadecimal(Self.ipv4.replacing("00014000", with: "0001" + offset) + Self.tcp)
    guard case .ip(let packet) = PacketDecoder().decode(frame.span, wireBytes: 47, linkType: .raw) else {
      Issue.record("not IP")
      return
    }
    #expect(packet.payload.kind == kind)
  }

  static let neither: [(String, LinkType, DecodedFrame)] = [
    ("", .ethernet, .other), ("020000000002 020000000001 08", .ethernet, .other),
    ("\(ethernet) 8100 00", .ethernet, .other),  // a tag that is cut
    ("\(ethernet) 0806 \(ipv4)", .ethernet, .other),  // ARP by its type
    ("\(ethernet) 002f \(ipv4)", .ethernet, .other),  // a length: LLC
    ("\(ethernet) 8847 00010140 \(ipv4)", .ethernet, .other),  // MPLS
    ("0000 0001 0006 0200000000010000 08", .linuxCooked, .other), ("07000000 \(ipv4)", .null, .other),
    ("0200", .null, .other), (ipv4, LinkType(rawValue: 127), .other),  // 802.11
    ("\(ethernet) 0800", .ethernet, .malformed),
    ("\(ethernet) 0800 \(ipv4.dropLast(2))", .ethernet, .malformed),  // 19 bytes
    ("\(ethernet) 0800 44 \(ipv4.dropFirst(2))", .ethernet, .malformed),  // a header of 4 words
    ("\(ethernet) 0800 65 \(ipv4.dropFirst(2))", .ethernet, .malformed),  // version 6
    ("\(ethernet) 86dd \(ipv6.dropLast(2))", .ethernet, .malformed),  // 39 bytes
    ("\(ethernet) 86dd 40 \(ipv6.dropFirst(2))", .ethernet, .malformed), ("", .raw, .malformed),
    ("50 \(ipv4.dropFirst(2))", .raw, .malformed), (ipv6, .ipv4, .malformed), (ipv4, .ipv6, .malformed),
  ]

  @Test(arguments: neither)
  func otherAndMalformed(text: String, linkType: LinkType, expected: DecodedFrame) {
    let frame = hexadecimal(text)
    #expect(PacketDecoder().decode(frame.span, wireBytes: frame.count, linkType: linkType) == expected)
  }
}
