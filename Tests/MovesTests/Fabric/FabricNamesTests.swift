import Model
import Moves
import Testing

@Suite struct FabricNamesTests {
  let mac = MACAddress(0x5254_0000_0001)

  @Test func devicesAreNamedByNumberAndAddress() {
    #expect(FabricNames.bridge(1) == "thb1")
    #expect(FabricNames.tunnel(16_777_215) == "thx16777215")
    #expect(FabricNames.tap(mac) == "th525400000001")
    #expect(FabricNames.deviceMAC(ofTap: mac) == MACAddress("fe:54:00:00:00:01"))
    #expect(FabricNames.deviceMAC(ofTunnel: 258) == MACAddress("06:74:68:00:01:02"))
  }

  @Test func namesAreReadBack() {
    #expect(FabricNames.mac(ofTap: "th525400000001") == mac)
    #expect(FabricNames.network(ofBridge: "thb1") == 1)
    #expect(FabricNames.network(ofTunnel: "thx16777215") == 16_777_215)
  }

  @Test(arguments: [
    "", "th", "thb", "thb0", "thb01", "thb+1", "thb16777216", "thb999999999999", "thx-1", "th52540000000",
    "th52540000000g", "TH525400000001", "th52540000000A", "eth0", "virbr0", "thb1.5",
  ])
  func foreignNamesAreNotOurs(_ name: String) {
    #expect(FabricNames.network(ofBridge: name) == nil)
    #expect(FabricNames.network(ofTunnel: name) == nil)
    #expect(FabricNames.mac(ofTap: name) == nil)
  }
}
