import Agent
import Testing

struct HypervisorUserTests {
  private let users = """
    root:x:0:0:root:/root:/bin/bash
    libvirt-qemu:x:64055:994:Libvirt Qemu,,,:/var/lib/libvirt:/usr/sbin/nologin
    77:x:1077:1077::/home/77:/bin/sh
    broken
    """

  @Test(arguments: [
    ("", 64055), ("#user = \"root\"\n", 64055), ("user = \"root\"", 0), ("  user=\"libvirt-qemu\"  # its own", 64055),
    ("user = \"+123\"", 123), ("user = \"123\"", 123), ("user = \"77\"", 1077), ("user = \"nobody\"", nil),
    ("group = \"root\"\nuser = \"root\"\nuser = \"+5\"", 5),
  ] as [(String, UInt32?)])
  func isWhoRunsQEMU(settings: String, number: UInt32?) {
    #expect(HypervisorUser.number(settings: settings, users: users) == number)
  }

  @Test func isNotKnownWhereThereIsNone() {
    #expect(HypervisorUser.number(settings: "", users: "root:x:0:0:root:/root:/bin/bash\n") == nil)
  }
}

struct ListeningPortsTests {
  /// As Linux 6 prints them: 10.99.2.1:16514 listens, and 16509 is the other end of a connection only.
  private let table = """
      sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
       0: 0102630A:4082 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0 10 0
       1: 0102630A:C350 0101630A:407D 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 20 4 30 10 -1
       2: 0102630A:1F92 0101630A:C351 01 00000000:00000000 00:00000000 00000000     0        0 4713 1 0 20 4 30 10 -1
    """

  @Test(arguments: [(16514, true), (16509, false), (50000, false), (8082, false)] as [(UInt16, Bool)])
  func tellsWhoListens(port: UInt16, isListening: Bool) {
    #expect(ListeningPorts.contains(port, in: table) == isListening)
  }

  @Test func ofIPv6() {
    let table = """
        sl  local_address                         remote_address                        st tx_queue
         0: 00000000000000000000000000000000:4082 00000000000000000000000000000000:0000 0A 00000000:00000000
      """
    #expect(ListeningPorts.contains(16514, in: table) && !ListeningPorts.contains(16509, in: table))
    #expect(!ListeningPorts.contains(16514, in: ""))
  }
}
