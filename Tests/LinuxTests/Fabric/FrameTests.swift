import Agent
import Glibc
import Linux
import Model
import Moves
import Testing

/// What the fabric does with frames.
@Suite(.enabled(if: PrivateNetwork.isTested, PrivateNetwork.demand)) struct FrameTests {
  static let broadcast = MACAddress(0xffff_ffff_ffff)
  static let (first, second) = (ThreeMachines.macs[0], ThreeMachines.macs[1])

  /// Both of the first two VMs at this host.
  static func wanted(phases: LocalPhases = LocalPhases()) -> WantedFabric {
    var map = ThreeMachines.map()
    map.merge(
      FabricEntry(
        vm: "vm2", interfaces: [.init(network: "blue", mac: second, addresses: [ThreeMachines.addresses[1]])],
        host: "a1", epoch: 2))
    return WantedFabric(
      host: "a1", underlay: ThreeMachines.underlay, networks: [ThreeMachines.network], map: map, phases: phases)
  }

  @Test func theHostAnswersForMachinesElsewhere() async throws {
    try await PrivateNetwork.run {
      _ = try KernelFabric().reconcile(ThreeMachines.wanted())
      let end = try TapEnd("th525400000101")
      let (mac, address) = (Self.first, ThreeMachines.addresses[0])
      for (target, answer) in [
        (ThreeMachines.addresses[1], ThreeMachines.macs[1]), (ThreeMachines.addresses[2], ThreeMachines.macs[2]),
        (IPAddress(v4: 0xc0a8_4dfe), MACAddress(0x0274_6800_0001)),
      ] {
        try end.send(TapEnd.request(from: mac, address, target: target))
        let frame = try #require(try end.receive(type: 0x0806), "no answer for \(target)")
        #expect(frame[..<6].elementsEqual(mac.octets))
        #expect(frame[20..<22].elementsEqual([0, 2]))
        #expect(frame[22..<28].elementsEqual(answer.octets))
        #expect(frame[28..<32].elementsEqual(target.octets))
      }
    }
  }

  @Test func neighboursOfOneHostReachEachOther() async throws {
    try await PrivateNetwork.run {
      _ = try KernelFabric().reconcile(Self.wanted())
      let one = try TapEnd("th525400000101")
      let two = try TapEnd("th525400000102")
      try one.send(TapEnd.frame(from: Self.first, to: Self.second, "to one"))
      #expect(try two.receive(type: 0x88b5)?.suffix(6).elementsEqual("to one".utf8) == true)
      try two.send(TapEnd.frame(from: Self.second, to: Self.broadcast, "to all"))
      #expect(try one.receive(type: 0x88b5)?.suffix(6).elementsEqual("to all".utf8) == true)
    }
  }

  /// A fence holds both ways though the tap is open, and what a VM sends with another's address is dropped.
  @Test func fencedTapsAndForeignAddressesAreSilent() async throws {
    try await PrivateNetwork.run {
      var phases = LocalPhases()
      phases.fence("vm1")
      let kernel = try KernelFabric()
      _ = try kernel.reconcile(Self.wanted(phases: phases))
      let one = try TapEnd("th525400000101")
      let two = try TapEnd("th525400000102")
      try one.send(TapEnd.frame(from: Self.first, to: Self.second, "fenced"))
      try one.send(TapEnd.frame(from: Self.first, to: Self.broadcast, "fenced"))
      try two.send(TapEnd.frame(from: Self.second, to: Self.first, "fenced"))
      try two.send(TapEnd.frame(from: Self.second, to: Self.broadcast, "fenced"))
      #expect(try kernel.reconcile(Self.wanted()).failures.isEmpty)
      try one.send(TapEnd.frame(from: ThreeMachines.macs[2], to: Self.second, "spoof!"))
      try one.send(TapEnd.frame(from: Self.second, to: Self.broadcast, "spoof!"))
      // The first that each receives is what was sent after all that.
      try one.send(TapEnd.frame(from: Self.first, to: Self.second, "opened"))
      #expect(try two.receive(type: 0x88b5)?.suffix(6).elementsEqual("opened".utf8) == true)
      try two.send(TapEnd.frame(from: Self.second, to: Self.first, "opened"))
      #expect(try one.receive(type: 0x88b5)?.suffix(6).elementsEqual("opened".utf8) == true)
    }
  }
}
