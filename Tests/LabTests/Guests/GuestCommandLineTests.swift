import Lab
import Model
import Testing

@Suite struct GuestCommandLineTests {
  private func network(_ name: String, _ number: UInt32, gateway: Bool) throws -> VirtualNetwork {
    let subnet = IPAddress(v4: 192 << 24 | 168 << 16 | (76 + number) << 8)
    return VirtualNetwork(
      name: name, number: number, subnet: try #require(IPSubnet(address: subnet, length: 24)),
      gateway: gateway ? IPAddress(v4: 192 << 24 | 168 << 16 | (76 + number) << 8 | 254) : nil)
  }

  private func interface(_ network: String, _ number: UInt32, _ index: UInt32) -> LabDescription.Interface {
    LabDescription.Interface(
      network: network, mac: MACAddress(0x5254_0000_0000 | UInt64(number) << 8 | UInt64(index)),
      addresses: [IPAddress(v4: 192 << 24 | 168 << 16 | (76 + number) << 8 | index)])
  }

  private func lab() throws -> LabDescription {
    let workload = LabDescription.Workload(group: 1, messageBytes: 100, exchanges: 2, work: 3, pauseMs: 4.5)
    return LabDescription(
      federation: Federation(sites: [], links: Links()),
      networks: [try network("blue", 1, gateway: true), try network("red", 2, gateway: false)],
      guests: [
        .init(name: "vm1", host: "a1", interfaces: [interface("blue", 1, 1)], workload: workload),
        .init(name: "vm2", host: "a1", interfaces: [interface("red", 2, 2)], workload: workload),
        .init(name: "quiet", host: "a1", interfaces: [interface("red", 2, 3)]),
        .init(name: "router", host: "a1", interfaces: [interface("blue", 1, 9), interface("red", 2, 9)]),
      ])
  }

  @Test func saysNameNetworkAndWork() throws {
    let lab = try lab()
    #expect(
      GuestCommandLine(lab.guests[0], in: lab).words == [
        "th.name=vm1", "th.mtu=1450", "th.if=52:54:00:00:01:01,192.168.77.1/24", "th.gateway=192.168.77.254",
        "th.route=192.168.78.0/24,192.168.77.9", "th.ring=192.168.77.1,192.168.78.2", "th.rank=0",
        "th.messageBytes=100", "th.exchanges=2", "th.requests=0", "th.work=3", "th.pauseMs=4.500",
      ])
    #expect(GuestCommandLine(lab.guests[1], in: lab).words.contains("th.rank=1"))
  }

  @Test func saysWithWhomItWorksInEachPhase() throws {
    var lab = try lab()
    let phases = [LabDescription.Workload(group: 7, messageBytes: 5, exchanges: 0, requests: 6, work: 1, pauseMs: 0.25)]
    for index in [0, 1, 3] { lab.guests[index].workload = .init(group: index == 3 ? 2 : 1, phases: phases) }
    let words = lab.guests.map { GuestCommandLine($0, in: lab).words }
    #expect(words[0].contains("th.ring=192.168.77.1,192.168.78.2"))
    #expect(words[1].contains("th.phase=2,1,5,0,6,1,0.250,192.168.77.1,192.168.78.2,192.168.77.9"))
    #expect(words[3].contains("th.ring=192.168.77.9"))
    #expect(words[3].contains("th.phase=2,2,5,0,6,1,0.250,192.168.77.1,192.168.78.2,192.168.77.9"))
  }

  @Test func saysNothingOfWorkToAGuestThatOnlyAnswers() throws {
    let lab = try lab()
    #expect(
      GuestCommandLine(lab.guests[2], in: lab, mtu: 1370).words == [
        "th.name=quiet", "th.mtu=1370", "th.if=52:54:00:00:02:03,192.168.78.3/24",
        "th.route=192.168.77.0/24,192.168.78.9",
      ])
  }

  @Test func givesARouterBothNetworksAndNoRoute() throws {
    let lab = try lab()
    #expect(
      GuestCommandLine(lab.guests[3], in: lab).words == [
        "th.name=router", "th.mtu=1450", "th.if=52:54:00:00:01:09,192.168.77.9/24",
        "th.if=52:54:00:00:02:09,192.168.78.9/24", "th.gateway=192.168.77.254",
      ])
  }
}
