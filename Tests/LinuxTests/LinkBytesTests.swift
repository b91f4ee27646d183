import Linux
import Model
import Testing

/// Links as iproute2 6.1 sends them (`strace -e trace=sendmsg -e write=all ip …`), sequence number apart.
@Suite struct LinkBytesTests {
  /// `ip link add thb1 address 02:74:68:00:00:01 mtu 1450 type bridge stp_state 0 mcast_snooping 0`
  @Test func bridge() throws {
    let request = NetlinkRequest.addBridge(
      "thb1", mac: MACAddress(0x0274_6800_0001), mtu: 1450, .init(spanningTree: false, multicastSnooping: false))
    let expected = bytes(
      """
      64 00 00 00  // nlmsg_len 100
      10 00        // RTM_NEWLINK
      05 06        // NLM_F_REQUEST, ACK, EXCL, CREATE
      01 00 00 00  // sequence
      00 00 00 00  // port: the kernel's choice
      00 00 00 00  // ifinfomsg: AF_UNSPEC, type 0
      00 00 00 00  // index: new
      00 00 00 00  // flags
      00 00 00 00  // change
      0a 00 01 00 02 74 68 00 00 01 00 00  // IFLA_ADDRESS, 2 bytes of padding
      08 00 04 00 aa 05 00 00              // IFLA_MTU 1450
      09 00 03 00 74 68 62 31 00 00 00 00  // IFLA_IFNAME "thb1\\0", padding
      24 00 12 00                          // IFLA_LINKINFO, 36 bytes
      0a 00 01 00 62 72 69 64 67 65 00 00  //   IFLA_INFO_KIND "bridge", padding
      14 00 02 00                          //   IFLA_INFO_DATA, 20 bytes
      08 00 05 00 00 00 00 00              //     IFLA_BR_STP_STATE 0
      05 00 17 00 00 00 00 00              //     IFLA_BR_MCAST_SNOOPING 0, padding
      """)
    #expect(try datagram(of: request) == expected)
  }

  /// `ip link add thx1 mtu 1450 master thb1 type vxlan id 1 local 10.99.1.1 dstport 4789 nolearning`
  @Test func vxlan() throws {
    let request = NetlinkRequest.addVXLAN(
      "thx1", mtu: 1450, master: 2,
      .init(identifier: 1, local: IPAddress("10.99.1.1"), port: 4789, learning: false))
    let expected = bytes(
      """
      70 00 00 00 10 00 05 06 01 00 00 00 00 00 00 00  // RTM_NEWLINK, create, 112 bytes
      00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  // ifinfomsg
      08 00 04 00 aa 05 00 00                          // IFLA_MTU 1450
      08 00 0a 00 02 00 00 00                          // IFLA_MASTER 2
      09 00 03 00 74 68 78 31 00 00 00 00              // IFLA_IFNAME "thx1\\0"
      34 00 12 00                                      // IFLA_LINKINFO, 52 bytes
      09 00 01 00 76 78 6c 61 6e 00 00 00              //   IFLA_INFO_KIND "vxlan"
      24 00 02 00                                      //   IFLA_INFO_DATA, 36 bytes
      08 00 01 00 01 00 00 00                          //     IFLA_VXLAN_ID 1
      08 00 04 00 0a 63 01 01                          //     IFLA_VXLAN_LOCAL 10.99.1.1
      05 00 07 00 00 00 00 00                          //     IFLA_VXLAN_LEARNING 0
      06 00 0f 00 12 b5 00 00                          //     IFLA_VXLAN_PORT 4789, big-endian
      """)
    #expect(try datagram(of: request) == expected)
  }

  /// `ip link add thx2 mtu 1450 type vxlan id 66051 local fd00::1 dstport 4789 nolearning`
  @Test func vxlanOverIPv6() throws {
    let request = NetlinkRequest.addVXLAN(
      "thx2", mtu: 1450, master: 0,
      .init(identifier: 66051, local: IPAddress("fd00::1"), port: 4789, learning: false))
    let expected = bytes(
      """
      74 00 00 00 10 00 05 06 01 00 00 00 00 00 00 00
      00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
      08 00 04 00 aa 05 00 00
      09 00 03 00 74 68 78 32 00 00 00 00
      40 00 12 00
      09 00 01 00 76 78 6c 61 6e 00 00 00
      30 00 02 00
      08 00 01 00 03 02 01 00                                      // IFLA_VXLAN_ID 66051
      14 00 11 00 fd 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01  // IFLA_VXLAN_LOCAL6
      05 00 07 00 00 00 00 00
      06 00 0f 00 12 b5 00 00
      """)
    #expect(try datagram(of: request) == expected)
  }

  /// `ip link set thx1 mtu 1450 txqueuelen 1000`, `ip link set thx1 up`, `ip link del thb1`
  @Test func changes() throws {
    let settings = bytes(
      """
      30 00 00 00 10 00 05 00 01 00 00 00 00 00 00 00  // RTM_NEWLINK without create
      00 00 00 00 03 00 00 00 00 00 00 00 00 00 00 00  // index 3
      08 00 04 00 aa 05 00 00                          // IFLA_MTU 1450
      08 00 0d 00 e8 03 00 00                          // IFLA_TXQLEN 1000
      """)
    #expect(try datagram(of: .setLink(3, mtu: 1450, queueLength: 1000)) == settings)
    let up = bytes(
      """
      20 00 00 00 10 00 05 00 01 00 00 00 00 00 00 00
      00 00 00 00 03 00 00 00
      01 00 00 00 01 00 00 00  // flags IFF_UP, change IFF_UP
      """)
    #expect(try datagram(of: .setLink(3, up: true)) == up)
    let gone = bytes(
      """
      20 00 00 00 11 00 05 00 01 00 00 00 00 00 00 00  // RTM_DELLINK
      00 00 00 00 02 00 00 00 00 00 00 00 00 00 00 00  // index 2
      """)
    #expect(try datagram(of: .deleteLink(2)) == gone)
  }

  /// `bridge link set dev thx1 state 0`
  @Test func stateOfAPort() throws {
    let expected = bytes(
      """
      2c 00 00 00 13 00 05 00 01 00 00 00 00 00 00 00  // RTM_SETLINK
      07 00 00 00 03 00 00 00 00 00 00 00 00 00 00 00  // AF_BRIDGE, index 3
      0c 00 0c 80                                      // IFLA_PROTINFO | NLA_F_NESTED, 12 bytes
      05 00 01 00 00 00 00 00                          //   IFLA_BRPORT_STATE disabled
      """)
    #expect(try datagram(of: .setPort(3, BridgePort(state: .disabled))) == expected)
  }

  /// `bridge link set dev thx1 hairpin on flood off mcast_flood on bcast_flood on learning off neigh_suppress on
  /// locked off`
  @Test func settingsOfAPort() throws {
    let expected = bytes(
      """
      5c 00 00 00 13 00 05 00 01 00 00 00 00 00 00 00
      07 00 00 00 03 00 00 00 00 00 00 00 00 00 00 00
      3c 00 0c 80
      05 00 04 00 01 00 00 00  // IFLA_BRPORT_MODE: hairpin on
      05 00 09 00 00 00 00 00  // IFLA_BRPORT_UNICAST_FLOOD off
      05 00 1b 00 01 00 00 00  // IFLA_BRPORT_MCAST_FLOOD on
      05 00 1e 00 01 00 00 00  // IFLA_BRPORT_BCAST_FLOOD on
      05 00 08 00 00 00 00 00  // IFLA_BRPORT_LEARNING off
      05 00 20 00 01 00 00 00  // IFLA_BRPORT_NEIGH_SUPPRESS on
      05 00 27 00 00 00 00 00  // IFLA_BRPORT_LOCKED off
      """)
    let port = BridgePort(
      learning: false, unicastFlood: false, multicastFlood: true, broadcastFlood: true, neighbourSuppression: true,
      hairpin: true, locked: false)
    #expect(try datagram(of: .setPort(3, port)) == expected)
  }
}
