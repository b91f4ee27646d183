import Model
import Moves
import Testing

@Suite struct WantedFabricTests {
  @Test func everythingOfAHost() {
    let c = Blue.underlay["c"]!
    #expect(
      Blue.wanted(at: "a", Blue.vm1(at: "a")).difference(from: ActualFabric()) == [
        .put(.bridge(.init(network: 7, mac: MACAddress("02:74:68:00:00:07")!))),
        .put(.tunnel(.init(network: 7, local: IPAddress("10.99.1.1")!))),
        .put(.tap(.init(mac: Blue.mac1, network: 7, isFenced: false))),
        .put(.tunnelEntry(.init(network: 7, mac: Blue.mac2, host: c))),
        .put(.bridgeEntry(.init(network: 7, mac: Blue.mac1, port: .tap))),
        .put(.bridgeEntry(.init(network: 7, mac: Blue.mac2, port: .tunnel))),
        .put(.floodEntry(.init(network: 7, host: c))),
        .put(.gateway(.init(network: 7, address: IPAddress("192.168.77.254")!, prefixLength: 24))),
        .put(.neighbour(.init(network: 7, address: Blue.ip1, mac: Blue.mac1))),
        .put(.neighbour(.init(network: 7, address: Blue.ip2, mac: Blue.mac2))),
      ])
  }

  /// Settings that frames depend on.
  @Test func portsNeitherLearnNorFloodTheUnknown() throws {
    let wanted = Blue.wanted(at: "a", Blue.vm1(at: "a"))
    guard case .tap(let tap)? = wanted.objects[.tap(Blue.mac1)], case .tunnel(let tunnel)? = wanted.objects[.tunnel(7)]
    else {
      Issue.record("no tap or no tunnel")
      return
    }
    #expect(!tap.learns && !tap.floodsUnknown && tap.isLocked && tap.floodsGroups && tap.mtu == 1450)
    #expect(!tap.suppressesNeighbours, "requests from a port with suppression are not answered by the kernel")
    #expect(!tunnel.learns && !tunnel.floodsUnknown && tunnel.suppressesNeighbours && tunnel.mtu == 1450)
    #expect(!tunnel.hairpin && tunnel.floodsGroups)
  }

  @Test func stagedIsSilent() {
    let objects = Blue.wanted(at: "b", Blue.vm1(at: "a"), phases: .staged("vm1")).objects
    #expect(objects[.tap(Blue.mac1)] == .tap(.init(mac: Blue.mac1, network: 7, isFenced: true)))
    #expect(
      objects[.bridgeEntry(7, Blue.mac1)] == .bridgeEntry(.init(network: 7, mac: Blue.mac1, port: .tunnel)),
      "VMs here still reach it at the source")
  }

  @Test func fencedHereGoesNowhere() {
    var phases = LocalPhases()
    phases.fence("vm1")
    let objects = Blue.wanted(at: "a", Blue.vm1(at: "a"), phases: phases).objects
    #expect(objects[.tap(Blue.mac1)] == .tap(.init(mac: Blue.mac1, network: 7, isFenced: true)))
    #expect(objects[.bridgeEntry(7, Blue.mac1)] == nil)
  }

  /// A broadcast that came in by the tunnel would go out by it again.
  @Test func whileLateFramesAreSentOnNoBroadcastLeaves() {
    guard case .tunnel(let tunnel)? = Blue.wanted(at: "a", Blue.vm1(at: "b", epoch: 2), phases: .left("vm1"))
      .objects[.tunnel(7)]
    else {
      Issue.record("no tunnel")
      return
    }
    #expect(tunnel.hairpin && !tunnel.floodsGroups)
  }

  @Test func whereAVMIsToComeNothingIsSentOn() {
    var phases = LocalPhases.left("vm1")
    phases.stage("vm9")
    #expect(phases.departed == [])
    phases.forwardLateFrames(of: "vm1")
    #expect(phases.departed == [])
    phases.clear("vm9")
    phases.forwardLateFrames(of: "vm1")
    #expect(phases.departed == ["vm1"])
    phases.endForwarding(of: "vm1")
    #expect(phases.departed == [])
  }

  @Test func broadcastsGoToEachHostOnce() {
    let third = FabricEntry(
      vm: "vm3", interfaces: [.init(network: "blue", mac: MACAddress(3), addresses: [])], host: "c")
    let wanted = Blue.wanted(at: "a", map: [Blue.vm1(at: "a"), Blue.vm2, third])
    let floods = wanted.objects.values.filter { if case .floodEntry = $0 { true } else { false } }
    #expect(floods == [.floodEntry(.init(network: 7, host: Blue.underlay["c"]!))])
  }

  @Test func whatIsUnknownIsLeftOut() {
    let stranger = FabricEntry(
      vm: "s", interfaces: [.init(network: "green", mac: MACAddress(9), addresses: [])], host: "a")
    let lost = FabricEntry(
      vm: "l", interfaces: [.init(network: "blue", mac: MACAddress(8), addresses: [])], host: "nowhere")
    let wanted = Blue.wanted(at: "a", map: [stranger, lost])
    #expect(Set(wanted.objects.keys) == [.bridge(7), .tunnel(7), .gateway(7, IPAddress("192.168.77.254")!)])
    #expect(Blue.wanted(at: "nowhere", map: [Blue.vm2]).objects.isEmpty)
  }

  /// Of two VMs with one address the first in order has it, at every host, wherever they are.
  @Test func anAddressHasOneHolder() {
    let thief = FabricEntry(
      vm: "vm9", interfaces: [.init(network: "blue", mac: Blue.mac1, addresses: [Blue.ip2])], host: "b", epoch: 99)
    for host in ["a", "b", "c"] {
      let objects = Blue.wanted(at: host, map: [Blue.vm1(at: "a"), Blue.vm2, thief]).objects
      #expect(objects == Blue.wanted(at: host, Blue.vm1(at: "a")).objects, "\(host)")
    }
  }

  @Test func bridgesTakeNeighboursOfIPv6() {
    let six = FabricEntry(
      vm: "v6", interfaces: [.init(network: "blue", mac: MACAddress(6), addresses: [IPAddress("fd00::6")!])], host: "b")
    let wanted = Blue.wanted(at: "a", map: [six])
    #expect(
      wanted.objects[.bridge(7)]
        == .bridge(.init(network: 7, mac: MACAddress("02:74:68:00:00:07")!, hasIPv6: true)))
  }
}
