import Linux
import Model
import Testing

@Suite struct DecodingTests {
  /// A tap in a bridge as Linux tells it, without what isn't read.
  static let tap = bytes(
    """
    88 00 00 00 10 00 00 00 01 00 00 00 37 31 00 00  // RTM_NEWLINK, 136 bytes
    00 00 01 00                                      // ifinfomsg: AF_UNSPEC, ARPHRD_ETHER
    04 00 00 00                                      // index 4
    03 10 01 00                                      // flags: IFF_UP among them
    00 00 00 00                                      // change
    09 00 03 00 74 61 70 30 00 00 00 00              // IFLA_IFNAME "tap0"
    08 00 0d 00 e8 03 00 00                          // IFLA_TXQLEN 1000
    08 00 04 00 aa 05 00 00                          // IFLA_MTU 1450
    08 00 0a 00 02 00 00 00                          // IFLA_MASTER 2
    05 00 10 00 02 00 00 00                          // IFLA_OPERSTATE down
    0a 00 01 00 72 7d 32 31 0f 4e 00 00              // IFLA_ADDRESS
    30 00 12 00                                      // IFLA_LINKINFO, 48 bytes
    08 00 01 00 74 75 6e 00                          //   IFLA_INFO_KIND "tun\\0"
    0b 00 04 00 62 72 69 64 67 65 00 00              //   IFLA_INFO_SLAVE_KIND "bridge\\0"
    18 00 05 00                                      //   IFLA_INFO_SLAVE_DATA, 24 bytes
    05 00 01 00 03 00 00 00                          //     IFLA_BRPORT_STATE forwarding
    05 00 08 00 01 00 00 00                          //     IFLA_BRPORT_LEARNING on
    04 00 18 00                                      //     IFLA_BRPORT_FLUSH, without payload
    """)

  @Test func link() throws {
    let message = try #require(try NetlinkMessage.messages(of: Self.tap).first)
    let link = try Link(message)
    #expect(link.index == 4)
    #expect(link.name == "tap0")
    #expect(link.mac == MACAddress("72:7d:32:31:0f:4e"))
    #expect(link.mtu == 1450)
    #expect(link.queueLength == 1000)
    #expect(link.isUp)
    #expect(!link.isOperational)
    #expect(link.master == 2)
    #expect(link.kind == .tun)
    #expect(link.port == BridgePort(state: .forwarding, learning: true))
  }

  /// Every cut, and every byte set to many values: an error or a value, never a trap or a loop without end.
  @Test func damage() throws {
    for cut in 0..<Self.tap.count { read(Array(Self.tap.prefix(cut))) }
    for place in Self.tap.indices {
      for value in [UInt8.min, 1, 3, 4, 0x7f, 0x80, .max] {
        for type: UInt8 in [2, 3, 16] {
          var damaged = Self.tap
          damaged[4] = type
          damaged[place] = value
          read(damaged)
        }
      }
    }
  }

  private func read(_ datagram: [UInt8]) {
    guard let messages = try? NetlinkMessage.messages(of: datagram) else { return }
    for message in messages {
      _ = try? Link(message)
      _ = try? ForwardingEntry(message)
      _ = try? Neighbour(message)
      _ = try? InterfaceAddress(message)
      _ = message.error
    }
  }

  @Test func attributeOfLengthZero() throws {
    var attributes = try NetlinkAttributes([0, 0, 1, 0, 8, 0, 1, 0])
    #expect(throws: NetlinkDecodingError.self) { try attributes.next() }
  }

  @Test func attributeBeyondTheEnd() throws {
    var attributes = try NetlinkAttributes([9, 0, 1, 0, 8, 0, 1, 0])
    #expect(throws: NetlinkDecodingError.self) { try attributes.next() }
  }

  @Test func messageShorterThanItsHeader() {
    let datagram: [UInt8] = [15, 0, 0, 0, 16, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
    #expect(throws: NetlinkDecodingError.self) { try NetlinkMessage.messages(of: datagram) }
  }

  @Test func octetsOfAddresses() throws {
    let address = try #require(IPAddress("2001:db8::1:2"))
    #expect(address.octets == [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2])
    #expect(IPAddress(octets: address.octets) == address)
    #expect(IPAddress("10.99.1.2")?.octets == [10, 99, 1, 2])
    #expect(IPAddress(octets: [1, 2, 3]) == nil)
  }
}
