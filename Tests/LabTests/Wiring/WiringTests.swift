import Documents
import Foundation
import Lab
import Model
import Testing

/// The commands that join the parts of a lab, against those that a person would type.
@Suite struct WiringTests {
  private static func lab() throws -> LabDescription {
    try LabDocument.parse(
      """
      sites:
        - {name: a, hosts: [{name: a1, vcpus: 4}, {name: a2}]}
        - {name: outside}
      links: {plaintext: true, betweenSites: {latencyMs: 20, bandwidthMbps: 100}}
      networks:
        - {name: blue, subnet: 192.168.77.0/24, gateway: 192.168.77.254}
        - {name: red, subnet: 192.168.78.0/24}
      guests: [{name: vm1, host: a1, network: blue}]
      machines:
        - {name: user, site: outside, address: 203.0.113.9}
        - {name: rival, site: a, address: 192.168.77.1, mac: "52:54:00:00:01:01", lan: true}
        - {name: peer, site: a, address: 10.99.1.77, lan: true}
      """, file: "lab.yaml"
    ).lab
  }

  /// Numbers as a lab's first process would have given them.
  private static let processes: [Part: Int32] = [
    .router("a"): 2, .router("outside"): 3, .host("a1"): 4, .host("a2"): 5, .machine("user"): 6, .machine("rival"): 7,
    .machine("peer"): 8,
  ]

  private func commands(of part: Part) throws -> [String] {
    let wiring = Wiring(lab: try Self.lab()) { Self.processes[$0] ?? 0 }
    return try #require(wiring.steps.first { $0.part == part }).commands
  }

  @Test func routerWithHosts() throws {
    #expect(
      try commands(of: .router("a")) == [
        "link set lo up", "link add lan type bridge stp_state 0 mcast_snooping 0", "address add 10.99.1.254/24 dev lan",
        "link set lan up", "link add h1 type veth peer name eth0 netns 4", "link set h1 master lan up",
        "link add h2 type veth peer name eth0 netns 5", "link set h2 master lan up",
        "link add m1 type veth peer name eth0 address 52:54:00:00:01:01 netns 7", "link set m1 master lan up",
        "link add m2 type veth peer name eth0 netns 8", "link set m2 master lan up",
        // Of networks with a way out only.
        "rule add priority 100 table 100", "route add 192.168.77.0/24 via 10.99.1.1 table 100",
      ])
  }

  @Test func routerOfAnExternalUser() throws {
    #expect(
      try commands(of: .router("outside")) == [
        "link set lo up", "link add lan type bridge stp_state 0 mcast_snooping 0", "address add 10.99.2.254/24 dev lan",
        "link set lan up", "link add m1 type veth peer name eth0 netns 6", "link set m1 up",
        "route add 203.0.113.9/32 dev m1",
      ])
  }

  @Test func ends() throws {
    #expect(
      try commands(of: .host("a2")) == [
        "link set lo up", "link set eth0 up", "address add 10.99.1.2/24 dev eth0",
        "route add default via 10.99.1.254 dev eth0",
      ])
    #expect(
      try commands(of: .machine("user")) == [
        "link set lo up", "link set eth0 up", "address add 203.0.113.9/32 dev eth0",
        "route add 10.99.2.254/32 dev eth0",
        "route add default via 10.99.2.254 dev eth0",
      ])
    #expect(try commands(of: .machine("rival")).contains("address add 192.168.77.1/32 dev eth0"))
    #expect(try commands(of: .machine("peer")).contains("address add 10.99.1.77/24 dev eth0"))
  }

  /// The site without hosts reaches the guests' network through the first site that has some.
  @Test func relay() throws {
    let wiring = Wiring(lab: try Self.lab()) { Self.processes[$0] ?? 0 }
    let configuration = try JSONDecoder().decode(WANConfiguration.self, from: Data(wiring.wan.utf8))
    #expect(
      configuration
        == WANConfiguration(
          sites: [
            .init(name: "a", namespace: "/proc/2/ns/net", prefixes: ["10.99.1.0/24", "192.168.77.0/24"]),
            .init(name: "outside", namespace: "/proc/3/ns/net", prefixes: ["10.99.2.0/24", "203.0.113.9/32"]),
          ], lines: [.init(between: ["a", "outside"], latencyMs: 20, bandwidthMbps: 100)]))
  }

  @Test func hostTable() throws {
    #expect(
      try Self.lab().hostTable == """
        127.0.0.1 localhost
        10.99.1.1 a1
        10.99.1.2 a2
        203.0.113.9 user
        192.168.77.1 rival
        10.99.1.77 peer
        192.168.77.1 vm1

        """)
  }
}
