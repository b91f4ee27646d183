import Agent
import Foundation
import Linux
import Model
import Moves
import Testing

/// The fabric in a real kernel, as iproute2 sees it.
@Suite(.enabled(if: PrivateNetwork.isTested, PrivateNetwork.demand)) struct KernelFabricTests {
  @Test func threeMachines() async throws {
    try await PrivateNetwork.run {
      let kernel = try KernelFabric()
      #expect(try kernel.actual() == ActualFabric(deviceAddresses: [MACAddress(0)]))
      #expect(try kernel.reconcile(ThreeMachines.wanted()).failures.isEmpty)
      #expect(ThreeMachines.wanted().difference(from: try kernel.actual()).isEmpty)
      try checkDevices()
      try checkPorts()
      try checkEntries()
    }
  }

  private func checkDevices() throws {
    let links = try PrivateNetwork.list("ip -d -j link")
    for name in ["thb1", "thx1", "th525400000101"] {
      let link = try #require(links.first { $0["ifname"] as? String == name })
      #expect(link["mtu"] as? Int == 1450)
      #expect((link["flags"] as? [String])?.contains("UP") == true)
      #expect(try PrivateNetwork.run("cat /proc/sys/net/ipv6/conf/\(name)/disable_ipv6") == "1\n")
    }
    let bridge = try #require(links.first { $0["ifname"] as? String == "thb1" })
    #expect(bridge["address"] as? String == "02:74:68:00:00:01")
    let settings = try data(of: bridge)
    #expect(settings["stp_state"] as? Int == 0)
    #expect(settings["mcast_snooping"] as? Int == 0)
    let tunnel = try data(of: try #require(links.first { $0["ifname"] as? String == "thx1" }))
    #expect(tunnel["id"] as? Int == 1)
    #expect(tunnel["local"] as? String == "10.99.1.1")
    #expect(tunnel["port"] as? Int == 4789)
    #expect(tunnel["learning"] as? Bool == false)
    let tap = try #require(links.first { $0["ifname"] as? String == "th525400000101" })
    #expect(tap["address"] as? String == "fe:54:00:00:01:01")
    #expect(tap["txqlen"] as? Int == Int(FabricNames.queueLength))
    #expect(try data(of: tap)["type"] as? String == "tap")
    #expect(try data(of: tap)["vnet_hdr"] as? Bool == true)
    #expect(try data(of: tap)["persist"] as? Bool == true)
    #expect(try PrivateNetwork.run("cat /proc/sys/net/ipv4/ip_forward") == "1\n")
  }

  private func data(of link: [String: Any]) throws -> [String: Any] {
    let information = try #require(link["linkinfo"] as? [String: Any])
    return try #require(information["info_data"] as? [String: Any])
  }

  private func checkPorts() throws {
    let ports = try PrivateNetwork.list("bridge -d -j link")
    let tunnel = try #require(ports.first { $0["ifname"] as? String == "thx1" })
    let tap = try #require(ports.first { $0["ifname"] as? String == "th525400000101" })
    for port in [tunnel, tap] {
      #expect(port["master"] as? String == "thb1")
      #expect(port["learning"] as? Bool == false)
      #expect(port["flood"] as? Bool == false)
      #expect(port["mcast_flood"] as? Bool == true)
      #expect(port["bcast_flood"] as? Bool == true)
      #expect(port["hairpin"] as? Bool == false)
    }
    #expect(tunnel["neigh_suppress"] as? Bool == true)
    #expect(tunnel["locked"] as? Bool == false)
    #expect(tap["locked"] as? Bool == true)
  }

  private func checkEntries() throws {
    let entries = Set(
      try PrivateNetwork.list("bridge -d -j fdb").compactMap { entry -> String? in
        guard let mac = entry["mac"] as? String, mac.hasPrefix("52:54") || mac == "00:00:00:00:00:00" else {
          return nil
        }
        let place = entry["dst"] ?? entry["master"] ?? ""
        return "\(mac) \(entry["ifname"] ?? "") \(place) \(entry["state"] ?? "")"
      })
    #expect(
      entries == [
        "52:54:00:00:01:01 th525400000101 thb1 static",
        "52:54:00:00:01:02 thx1 thb1 static", "52:54:00:00:01:02 thx1 10.99.1.2 permanent",
        "52:54:00:00:01:03 thx1 thb1 static", "52:54:00:00:01:03 thx1 10.99.2.1 permanent",
        "00:00:00:00:00:00 thx1 10.99.1.2 permanent", "00:00:00:00:00:00 thx1 10.99.2.1 permanent",
      ])
    let neighbours = Set(
      try PrivateNetwork.list("ip -j neigh show dev thb1").map {
        "\($0["dst"] ?? "") \($0["lladdr"] ?? "") \(($0["state"] as? [String])?.first ?? "")"
      })
    #expect(
      neighbours == [
        "192.168.77.1 52:54:00:00:01:01 PERMANENT", "192.168.77.2 52:54:00:00:01:02 PERMANENT",
        "192.168.77.3 52:54:00:00:01:03 PERMANENT",
      ])
    let addresses = try PrivateNetwork.list("ip -j addr show dev thb1").flatMap {
      $0["addr_info"] as? [[String: Any]] ?? []
    }
    #expect(addresses.map { "\($0["local"] ?? "")/\($0["prefixlen"] ?? "")" } == ["192.168.77.254/24"])
  }

  /// What somebody may do behind the agent's back.
  static let strays = [
    "bridge fdb del 52:54:00:00:01:02 dev thx1 self dst 10.99.1.2",
    "bridge fdb replace 52:54:00:00:01:02 dev thx1 self dst 10.99.9.9",
    "bridge fdb del 52:54:00:00:01:02 dev thx1 master",
    "bridge fdb del 52:54:00:00:01:01 dev th525400000101 master",
    "bridge fdb replace 52:54:00:00:01:01 dev thx1 master static",
    "bridge fdb replace 52:54:00:00:01:01 dev th525400000101 master permanent",
    "bridge fdb del 00:00:00:00:00:00 dev thx1 self dst 10.99.2.1",
    "bridge fdb append 00:00:00:00:00:00 dev thx1 self dst 10.99.9.9",
    "bridge fdb add 52:54:00:00:09:09 dev thx1 master static",
    "bridge fdb add 52:54:00:00:09:09 dev thx1 self dst 10.99.9.9",
    "ip neigh del 192.168.77.2 dev thb1",
    "ip neigh replace 192.168.77.2 lladdr 52:54:00:00:09:09 dev thb1 nud permanent",
    "ip neigh replace 192.168.77.2 lladdr 52:54:00:00:01:02 dev thb1 nud reachable",
    "ip neigh replace 192.168.77.9 lladdr 52:54:00:00:09:09 dev thb1 nud permanent",
    "ip addr del 192.168.77.254/24 dev thb1",
    "ip addr add 192.168.77.253/24 dev thb1",
    "ip link set thb1 down",
    "ip link set thb1 address 02:00:00:00:00:01",
    "ip link set thb1 mtu 1400",
    "ip link set thb1 type bridge stp_state 1",
    "ip link set thb1 type bridge mcast_snooping 1",
    "ip link set thx1 down",
    "ip link set thx1 nomaster",
    "ip link set thx1 address 02:00:00:00:00:02",
    "bridge link set dev thx1 hairpin on",
    "bridge link set dev thx1 learning on",
    "bridge link set dev thx1 flood on",
    "bridge link set dev thx1 neigh_suppress off",
    "bridge link set dev thx1 state 0",
    "bridge link set dev th525400000101 locked off",
    "bridge link set dev th525400000101 bcast_flood off",
    "bridge link set dev th525400000101 mcast_flood off",
    "bridge link set dev th525400000101 neigh_suppress on",
    "bridge link set dev th525400000101 isolated on",
    "ip link set th525400000101 down",
    "ip link set th525400000101 txqueuelen 500",
    "ip link set th525400000101 nomaster",
    "ip link del th525400000101",
    "ip link del thx1",
    "ip link del thb1",
    "ip link del thx1; ip link add thx1 type bridge",
    "ip link del thx1; ip link add thx1 type vxlan id 7 local 10.99.1.1 dstport 4789",
    "ip link del thb1; ip tuntap add thb1 mode tap",
    "ip link add thb7 type bridge",
    "ip link add thx7 type vxlan id 7 dstport 4789",
    "ip tuntap add th525400000909 mode tap",
    "echo 0 > /proc/sys/net/ipv6/conf/thx1/disable_ipv6",
    "echo 0 > /proc/sys/net/ipv6/conf/thb1/disable_ipv6",
  ]

  @Test func straysAreMended() async throws {
    try await PrivateNetwork.run {
      let kernel = try KernelFabric()
      let wanted = ThreeMachines.wanted()
      #expect(try kernel.reconcile(wanted).failures.isEmpty)
      let whole = try kernel.actual()
      for stray in Self.strays {
        try PrivateNetwork.run(stray)
        #expect(!wanted.difference(from: try kernel.actual()).isEmpty, "unseen: \(stray)")
        #expect(try kernel.reconcile(wanted).failures.isEmpty, "\(stray)")
        #expect(wanted.difference(from: try kernel.actual()).isEmpty, "not mended: \(stray)")
      }
      // As new, but for addresses of devices that were made anew.
      #expect(try kernel.actual().objects.keys.filter { whole.objects[$0] == nil } == [])
    }
  }

  @Test func aMachineThatLeaves() async throws {
    try await PrivateNetwork.run {
      let kernel = try KernelFabric()
      #expect(try kernel.reconcile(ThreeMachines.wanted()).failures.isEmpty)
      #expect(try kernel.reconcile(ThreeMachines.wanted(firstAt: "b1")).failures.isEmpty)
      let entries = try PrivateNetwork.run("bridge fdb")
      #expect(entries.contains("52:54:00:00:01:01 dev thx1 master thb1 static"))
      #expect(entries.contains("52:54:00:00:01:01 dev thx1 dst 10.99.2.1 self permanent"))
      #expect(try !PrivateNetwork.run("ip link").contains("th525400000101"))
    }
  }

  @Test func whatNobodyWantsGoes() async throws {
    try await PrivateNetwork.run {
      let kernel = try KernelFabric()
      #expect(try kernel.reconcile(ThreeMachines.wanted()).failures.isEmpty)
      let nothing = WantedFabric(host: "a1", underlay: ThreeMachines.underlay, networks: [], map: FabricMap())
      #expect(try kernel.reconcile(nothing).failures.isEmpty)
      #expect(try PrivateNetwork.list("ip -j link").compactMap { $0["ifname"] as? String } == ["lo"])
    }
  }

  @Test func aChangeThatCannotBeMade() async throws {
    try await PrivateNetwork.run {
      // Of one identifier and port there can be one device.
      try PrivateNetwork.run("ip link add other type vxlan id 1 local 10.99.1.1 dstport 4789")
      let kernel = try KernelFabric()
      let failures = try kernel.reconcile(ThreeMachines.wanted()).failures
      let text = failures.map(\.description).joined(separator: "\n")
      #expect(text.contains("make the VXLAN device thx1: File exists"))
      #expect(text.contains("there is no device thx1"))
      // All else is there.
      #expect(try PrivateNetwork.run("bridge fdb").contains("52:54:00:00:01:01 dev th525400000101 master thb1 static"))
      try PrivateNetwork.run("ip link del other")
      #expect(try kernel.reconcile(ThreeMachines.wanted()).failures.isEmpty)
    }
  }
}
