import Linux
import Model
import Testing

/// Entries, addresses and routes as iproute2 6.1 sends them, sequence number apart.
@Suite struct EntryBytesTests {
  let second = MACAddress(0x5254_0000_0002)
  let first = MACAddress(0x5254_0000_0001)

  /// `bridge fdb replace 52:54:00:00:00:02 dev thx1 self dst 10.99.1.2 permanent`, and `bridge fdb del …`
  @Test func remote() throws {
    let entry = ForwardingEntry.remote(3, mac: second, destination: try #require(IPAddress("10.99.1.2")))
    let expected = bytes(
      """
      30 00 00 00 1c 00 05 05 01 00 00 00 00 00 00 00  // RTM_NEWNEIGH, create or replace
      07 00 00 00                                      // ndmsg: AF_BRIDGE, padding
      03 00 00 00                                      // index 3
      c0 00                                            // NUD_NOARP | NUD_PERMANENT
      02                                               // NTF_SELF
      00                                               // type
      0a 00 02 00 52 54 00 00 00 02 00 00              // NDA_LLADDR
      08 00 01 00 0a 63 01 02                          // NDA_DST
      """)
    #expect(try datagram(of: .new(entry, .replace)) == expected)
    var gone = expected
    gone.replaceSubrange(4..<8, with: [0x1d, 0, 5, 0])
    #expect(try datagram(of: .delete(entry)) == gone)
  }

  /// `bridge fdb append 00:00:00:00:00:00 dev thx1 self dst 10.99.1.2 permanent`
  @Test func broadcast() throws {
    let entry = ForwardingEntry.remote(3, mac: MACAddress(0), destination: try #require(IPAddress("10.99.1.2")))
    let expected = bytes(
      """
      30 00 00 00 1c 00 05 0c 01 00 00 00 00 00 00 00  // RTM_NEWNEIGH, create, append
      07 00 00 00 03 00 00 00 c0 00 02 00
      0a 00 02 00 00 00 00 00 00 00 00 00              // NDA_LLADDR: all without an entry of their own
      08 00 01 00 0a 63 01 02
      """)
    #expect(try datagram(of: .new(entry, .append)) == expected)
  }

  /// `bridge fdb add 52:54:00:00:00:01 dev tap0 master static`
  @Test func local() throws {
    let expected = bytes(
      """
      28 00 00 00 1c 00 05 06 01 00 00 00 00 00 00 00  // RTM_NEWNEIGH, create, exclusively
      07 00 00 00 03 00 00 00
      42 00                                            // NUD_NOARP | NUD_REACHABLE: static
      04 00                                            // NTF_MASTER
      0a 00 02 00 52 54 00 00 00 01 00 00
      """)
    #expect(try datagram(of: .new(.port(3, mac: first), .add)) == expected)
  }

  /// `ip neigh replace 192.168.77.1 lladdr 52:54:00:00:00:01 dev thb1 nud permanent`
  @Test func neighbour() throws {
    let expected = bytes(
      """
      30 00 00 00 1c 00 05 05 01 00 00 00 00 00 00 00
      02 00 00 00 02 00 00 00                          // AF_INET, index 2
      80 00 00 00                                      // NUD_PERMANENT
      08 00 01 00 c0 a8 4d 01                          // NDA_DST
      0a 00 02 00 52 54 00 00 00 01 00 00              // NDA_LLADDR
      """)
    let neighbour = Neighbour(link: 2, address: try #require(IPAddress("192.168.77.1")), mac: first)
    #expect(try datagram(of: .new(neighbour, .replace)) == expected)
  }

  /// `ip neigh replace fd00::1 lladdr 52:54:00:00:00:01 dev thb1 nud permanent`
  @Test func neighbourOfIPv6() throws {
    let expected = bytes(
      """
      3c 00 00 00 1c 00 05 05 01 00 00 00 00 00 00 00
      0a 00 00 00 02 00 00 00 80 00 00 00                          // AF_INET6
      14 00 01 00 fd 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01
      0a 00 02 00 52 54 00 00 00 01 00 00
      """)
    let neighbour = Neighbour(link: 2, address: try #require(IPAddress("fd00::1")), mac: first)
    #expect(try datagram(of: .new(neighbour, .replace)) == expected)
  }

  /// `ip neigh del 192.168.77.1 dev thb1`
  @Test func neighbourGone() throws {
    let expected = bytes(
      """
      24 00 00 00 1d 00 05 00 01 00 00 00 00 00 00 00  // RTM_DELNEIGH
      02 00 00 00 02 00 00 00 80 00 00 00
      08 00 01 00 c0 a8 4d 01
      """)
    let neighbour = Neighbour(link: 2, address: try #require(IPAddress("192.168.77.1")), mac: nil)
    #expect(try datagram(of: .delete(neighbour)) == expected)
  }

  /// `ip addr add 192.168.77.254/24 dev thb1`
  @Test func address() throws {
    let expected = bytes(
      """
      28 00 00 00 14 00 05 06 01 00 00 00 00 00 00 00  // RTM_NEWADDR, create, exclusively
      02 18 00 00                                      // ifaddrmsg: AF_INET, /24, flags, scope universe
      02 00 00 00                                      // index 2
      08 00 02 00 c0 a8 4d fe                          // IFA_LOCAL
      08 00 01 00 c0 a8 4d fe                          // IFA_ADDRESS
      """)
    let address = InterfaceAddress(link: 2, address: try #require(IPAddress("192.168.77.254")), length: 24)
    #expect(try datagram(of: .new(address, .add)) == expected)
  }

  /// `ip route add 10.0.0.0/8 via 192.168.77.253`
  @Test func route() throws {
    let expected = bytes(
      """
      2c 00 00 00 18 00 05 06 01 00 00 00 00 00 00 00  // RTM_NEWROUTE, create, exclusively
      02 08 00 00                                      // rtmsg: AF_INET, /8, no source, no type of service
      fe 03 00 01                                      // main table, RTPROT_BOOT, scope universe, RTN_UNICAST
      00 00 00 00                                      // flags
      08 00 01 00 0a 00 00 00                          // RTA_DST
      08 00 05 00 c0 a8 4d fd                          // RTA_GATEWAY
      """)
    let subnet = try #require(IPSubnet(address: IPAddress(v4: 10 << 24), length: 8))
    #expect(try datagram(of: .new(Route(destination: subnet, gateway: IPAddress("192.168.77.253")), .add)) == expected)
  }
}
