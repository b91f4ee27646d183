import Linux
import Model
import Moves

/// A network of three VMs, one at each of three hosts; this one is a1.
enum ThreeMachines {
  static let network = VirtualNetwork(
    name: "blue", number: 1, subnet: IPSubnet(address: IPAddress(v4: 0xc0a8_4d00), length: 24)!,
    gateway: IPAddress(v4: 0xc0a8_4dfe))
  static let macs = [MACAddress(0x5254_0000_0101), MACAddress(0x5254_0000_0102), MACAddress(0x5254_0000_0103)]
  static let addresses = [IPAddress(v4: 0xc0a8_4d01), IPAddress(v4: 0xc0a8_4d02), IPAddress(v4: 0xc0a8_4d03)]
  static let hosts = ["a1", "a2", "b1"]
  static let underlay = [
    "a1": IPAddress(v4: 0x0a63_0101), "a2": IPAddress(v4: 0x0a63_0102), "b1": IPAddress(v4: 0x0a63_0201),
  ]

  /// With the first VM at another host if said so.
  static func map(firstAt host: String = "a1", epoch: UInt64 = 1) -> FabricMap {
    FabricMap(
      (0..<3).map { index in
        FabricEntry(
          vm: "vm\(index + 1)",
          interfaces: [.init(network: "blue", mac: macs[index], addresses: [addresses[index]])],
          host: index == 0 ? host : hosts[index], epoch: index == 0 ? epoch : 1)
      })
  }

  static func wanted(firstAt host: String = "a1", phases: LocalPhases = LocalPhases()) -> WantedFabric {
    WantedFabric(host: "a1", underlay: underlay, networks: [network], map: map(firstAt: host), phases: phases)
  }
}
