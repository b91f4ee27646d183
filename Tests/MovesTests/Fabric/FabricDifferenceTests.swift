import Model
import Moves
import Testing

/// What is done to the kernels of all hosts when vm1 goes from a to b, in what order; vm2 is at c.
@Suite struct FabricDifferenceTests {
  let a = Blue.underlay["a"]!
  let b = Blue.underlay["b"]!

  @Test func reservationAtTheDestination() {
    let before = Blue.actual(Blue.wanted(at: "b", Blue.vm1(at: "a")))
    let wanted = Blue.wanted(at: "b", Blue.vm1(at: "a"), phases: .staged("vm1"))
    #expect(wanted.difference(from: before) == [.put(.tap(.init(mac: Blue.mac1, network: 7, isFenced: true)))])
  }

  @Test func flipAtTheSource() {
    let before = Blue.actual(Blue.wanted(at: "a", Blue.vm1(at: "a")))
    let wanted = Blue.wanted(at: "a", Blue.vm1(at: "b", epoch: 2), phases: .left("vm1"))
    #expect(
      wanted.difference(from: before) == [
        .put(.tap(.init(mac: Blue.mac1, network: 7, isFenced: true))),
        .put(.tunnel(.init(network: 7, local: a, hairpin: true))),
        .put(.tunnelEntry(.init(network: 7, mac: Blue.mac1, host: b))),
        .put(.bridgeEntry(.init(network: 7, mac: Blue.mac1, port: .tunnel))),
        .put(.floodEntry(.init(network: 7, host: b))),
      ])
  }

  @Test func flipAtTheDestination() {
    let before = Blue.actual(Blue.wanted(at: "b", Blue.vm1(at: "a"), phases: .staged("vm1")))
    let wanted = Blue.wanted(at: "b", Blue.vm1(at: "b", epoch: 2), phases: .staged("vm1"))
    #expect(
      wanted.difference(from: before) == [
        .put(.tap(.init(mac: Blue.mac1, network: 7, isFenced: false))),
        .put(.bridgeEntry(.init(network: 7, mac: Blue.mac1, port: .tap))),
        .remove(.floodEntry(.init(network: 7, host: a))),
        .remove(.tunnelEntry(.init(network: 7, mac: Blue.mac1, host: a))),
      ])
    #expect(
      Blue.wanted(at: "b", Blue.vm1(at: "b", epoch: 2)) == wanted, "at the end of the reservation nothing changes")
  }

  @Test func flipAtAThirdHost() {
    let before = Blue.actual(Blue.wanted(at: "c", Blue.vm1(at: "a")))
    #expect(
      Blue.wanted(at: "c", Blue.vm1(at: "b", epoch: 2)).difference(from: before) == [
        .put(.tunnelEntry(.init(network: 7, mac: Blue.mac1, host: b))),
        .put(.floodEntry(.init(network: 7, host: b))),
        .remove(.floodEntry(.init(network: 7, host: a))),
      ])
  }

  @Test func cleaningOfTheSource() {
    let before = Blue.actual(Blue.wanted(at: "a", Blue.vm1(at: "b", epoch: 2), phases: .left("vm1")))
    #expect(
      Blue.wanted(at: "a", Blue.vm1(at: "b", epoch: 2)).difference(from: before) == [
        .put(.tunnel(.init(network: 7, local: a))),
        .remove(.tap(.init(mac: Blue.mac1, network: 7, isFenced: true))),
      ])
  }

  @Test func whatWasTakenAwayIsPutBack() {
    let wanted = Blue.wanted(at: "a", Blue.vm1(at: "a"))
    for object in wanted.objects.values {
      var actual = Blue.actual(wanted)
      actual.apply(.remove(object))
      let changes = wanted.difference(from: actual)
      #expect(changes.contains(.put(object)))
      for change in changes { actual.apply(change) }
      #expect(actual == Blue.actual(wanted))
    }
  }

  @Test func settingsOfOthersAreSetBack() {
    let wanted = Blue.wanted(at: "a", Blue.vm1(at: "a"))
    var actual = Blue.actual(wanted)
    var tap = FabricObject.Tap(mac: Blue.mac1, network: 7, isFenced: false)
    tap.learns = true
    actual.objects[.tap(Blue.mac1)] = .tap(tap)
    let learnt = FabricObject.BridgeEntry(network: 7, mac: Blue.mac2, port: .tap, isStatic: false)
    actual.objects[.bridgeEntry(7, Blue.mac2)] = .bridgeEntry(learnt)
    #expect(
      wanted.difference(from: actual) == [
        .put(.tap(.init(mac: Blue.mac1, network: 7, isFenced: false))),
        .put(.bridgeEntry(.init(network: 7, mac: Blue.mac2, port: .tunnel))),
      ])
  }

  @Test func strangersOnOurDevicesAreRemovedButNotTheKernelsOwn() {
    let wanted = Blue.wanted(at: "a", Blue.vm1(at: "a"))
    var actual = Blue.actual(wanted)
    let tapsOwn = MACAddress("fe:54:00:00:00:01")!
    actual.deviceAddresses = [tapsOwn, Blue.network.gatewayMAC]
    func add(_ object: FabricObject) { actual.objects[object.key] = object }
    add(.bridgeEntry(.init(network: 7, mac: tapsOwn, port: .tap, isStatic: false)))
    add(.bridgeEntry(.init(network: 7, mac: Blue.network.gatewayMAC, port: .other("thb7"), isStatic: false)))
    add(.bridgeEntry(.init(network: 7, mac: MACAddress("33:33:00:00:00:01")!, port: .other("thb7"), isStatic: false)))
    add(.tunnelEntry(.init(network: 7, mac: MACAddress("01:00:5e:00:00:01")!, host: b)))
    add(.neighbour(.init(network: 7, address: IPAddress("192.168.77.200")!, mac: MACAddress(5), isPermanent: false)))
    add(.neighbour(.init(network: 7, address: IPAddress("224.0.0.22")!, mac: MACAddress("01:00:5e:00:00:16")!)))
    #expect(wanted.difference(from: actual) == [])
    let entry = FabricObject.bridgeEntry(.init(network: 7, mac: MACAddress(0xbad), port: .tap))
    let learnt = FabricObject.bridgeEntry(.init(network: 7, mac: MACAddress(0xbae), port: .tap, isStatic: false))
    let tunnel = FabricObject.tunnelEntry(.init(network: 7, mac: MACAddress(0xbad), host: b))
    let flood = FabricObject.floodEntry(.init(network: 7, host: b))
    let neighbour = FabricObject.neighbour(.init(network: 7, address: Blue.ip2.next, mac: MACAddress(0xbad)))
    for object in [entry, learnt, tunnel, flood, neighbour] { add(object) }
    #expect(
      wanted.difference(from: actual) == [neighbour, flood, learnt, entry, tunnel].map(FabricChange.remove))
  }

  @Test func aNetworkThatIsGoneGoesWithAllThatIsOnIt() {
    let actual = Blue.actual(Blue.wanted(at: "a", Blue.vm1(at: "a")))
    let nothing = WantedFabric(host: "a", underlay: Blue.underlay, networks: [], map: FabricMap())
    #expect(
      nothing.difference(from: actual) == [
        .remove(.tap(.init(mac: Blue.mac1, network: 7, isFenced: false))),
        .remove(.tunnel(.init(network: 7, local: a))),
        .remove(.bridge(.init(network: 7, mac: Blue.network.gatewayMAC))),
      ])
  }

  /// A tap that stands where another network's was is the same device.
  @Test func aTapWithoutABridgeIsMadeAPortAgain() {
    let wanted = Blue.wanted(at: "a", Blue.vm1(at: "a"))
    var actual = Blue.actual(wanted)
    actual.objects[.tap(Blue.mac1)] = .tap(.init(mac: Blue.mac1, network: 0, isFenced: false))
    #expect(
      wanted.difference(from: actual).first == .put(.tap(.init(mac: Blue.mac1, network: 7, isFenced: false))))
  }
}

extension IPAddress {
  /// The address after it, of IPv4.
  fileprivate var next: IPAddress { IPAddress(v4: UInt32(low) + 1) }
}
