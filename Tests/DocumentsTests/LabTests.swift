import Documents
import Foundation
import Model
import Testing

/// Labs with the values that a reader of the format's description works out by hand.
@Suite struct LabTests {
  /// Two sites, a router VM between two networks, and who holds a guest's address elsewhere.
  private static let text = """
    sites:
      - {name: a, hosts: [{name: a1, vcpus: 4}]}
      - {name: b, hosts: [{name: b1, vcpus: 4}, {name: b2, vcpus: 4}]}
    links: {plaintext: true, betweenSites: {latencyMs: 20}}
    networks:
      - {name: blue, subnet: 192.168.77.0/24, gateway: 192.168.77.254}
      - {name: red, subnet: "fd00:77::/64"}
    guests:
      - {name: vm1, host: a1, network: blue}
      - name: router
        host: b2
        interfaces: [{network: red, address: "fd00:77::ff"}, {network: blue}]
      - {name: vm3, host: b1, network: red, memoryMiB: 128, vcpus: 2, workload: {group: 3, pauseMs: 0.5}}
    machines:
      - {name: rival, site: b, address: 192.168.77.1, mac: 52:54:00:00:01:01, lan: true}
    """

  @Test func values() throws {
    let lab = try LabDocument.parse(Self.text, file: "lab.yaml").lab
    #expect(lab.plaintext && lab.federation.links.betweenSites.latencyMs == 20)
    #expect(lab.hosts.map(\.address) == [0x0a63_0101, 0x0a63_0201, 0x0a63_0202].map { IPAddress(v4: $0) })
    #expect(lab.networks.map(\.number) == [1, 2] && lab.networks[1].gateway == nil)
    #expect(lab.networks[0].gateway == IPAddress(v4: 0xc0a8_4dfe))
    // 52:54:00:00, the network's number, the guest's place.
    #expect(
      lab.guests == [
        .init(
          name: "vm1", host: "a1",
          interfaces: [
            .init(network: "blue", mac: MACAddress(0x5254_0000_0101), addresses: [IPAddress(v4: 0xc0a8_4d01)])
          ]),
        .init(
          name: "router", host: "b2",
          interfaces: [
            .init(
              network: "red", mac: MACAddress(0x5254_0000_0202),
              addresses: [IPAddress(v6High: 0xfd00_0077_0000_0000, low: 0xff)]),
            .init(network: "blue", mac: MACAddress(0x5254_0000_0102), addresses: [IPAddress(v4: 0xc0a8_4d02)]),
          ]),
        .init(
          name: "vm3", host: "b1",
          interfaces: [
            .init(
              network: "red", mac: MACAddress(0x5254_0000_0203),
              addresses: [IPAddress(v6High: 0xfd00_0077_0000_0000, low: 3)])
          ], memoryMiB: 128, vcpus: 2,
          workload: .init(group: 3, messageBytes: 14_000, exchanges: 20, work: 100_000, pauseMs: 0.5)),
      ])
    #expect(
      lab.machines == [
        .init(
          name: "rival", site: "b", address: IPAddress(v4: 0xc0a8_4d01), mac: MACAddress(0x5254_0000_0101),
          isOnLAN: true)
      ])
  }

  @Test func security() throws {
    #expect(try LabDocument.parse(Self.text, file: "lab.yaml").lab.security == .clear)
    #expect(try LabDocument.parse(Self.text + "\nsecurity: none\n", file: "lab.yaml").lab.security == .clear)
    #expect(try LabDocument.parse(Self.text + "\nsecurity: tls\n", file: "lab.yaml").lab.security == .tls)
    let error = #expect(throws: DocumentError.self) {
      try LabDocument.parse(Self.text + "\nsecurity: ssl\n", file: "lab.yaml")
    }
    #expect(error.map { "\($0)" }?.contains("security: \"ssl\" is unknown") == true, "\(String(describing: error))")
  }

  /// What a phase leaves out is as in the first.
  @Test func phasesOfAWorkload() throws {
    let text = """
      sites: [{name: a, hosts: [{name: a1, vcpus: 3}]}]
      links: {plaintext: true}
      networks: [{name: blue, subnet: 192.168.77.0/24}]
      guests:
        - {name: vm1, host: a1, network: blue, workload: {group: 1, requests: 7, phases: [{group: 2}, {pauseMs: 300}]}}
        - {name: vm2, host: a1, network: blue, workload: {group: 1, phases: [{group: 2}]}}
      """
    let (lab, warnings) = try LabDocument.parse(text, file: "lab.yaml")
    let workload = try #require(lab.guests[0].workload)
    #expect(workload.phase(2) == .init(group: 2, requests: 7))
    #expect(workload.phase(3) == .init(group: 1, requests: 7, pauseMs: 300))
    #expect(workload.phase(4) == nil && lab.guests[1].workload?.phase(3) == nil)
    #expect(warnings.map(\.description).joined().contains("is alone in group 1 in phase 3"))
  }

  /// Sites a and b, two hosts each with room for four guests, vm1 … vm8 two a host, each group torn over both sites.
  @Test func labWithoutAFile() throws {
    let (lab, warnings) = try LabDocument.parse(LabDocument.defaultText, file: "default")
    #expect(warnings.isEmpty)
    #expect(lab.hosts.map(\.host.name) == ["a1", "a2", "b1", "b2"] && lab.hosts.map(\.site) == ["a", "a", "b", "b"])
    #expect(lab.guests.map(\.name) == (1...8).map { "vm\($0)" })
    #expect(lab.guests.map(\.host) == ["a1", "a1", "a2", "a2", "b1", "b1", "b2", "b2"])
    for place in lab.hosts {
      #expect(place.host.vcpus >= 4 && (place.host.memoryGiB ?? 0) * 1024 >= Double(4 * lab.guests[0].memoryMiB))
    }
    #expect(lab.federation.links.betweenSites.latencyMs == 5)
    let sites = Dictionary(uniqueKeysWithValues: lab.hosts.map { ($0.host.name, $0.site) })
    for group in 1...2 {
      let members = lab.guests.filter { $0.workload?.group == group }
      #expect(members.count(where: { sites[$0.host] == "a" }) == 2 && members.count == 4)
    }
  }

  @Test func example() throws {
    let url = Fixture.root.appending(path: "../../../Examples/lab.yaml")
    #expect(try String(contentsOf: url, encoding: .utf8) == LabDocument.defaultText)
  }

  @Test func kind() throws {
    #expect(try DocumentKind.detect(Array(Self.text.utf8), file: "f") == .lab)
  }
}
