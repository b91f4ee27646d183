import Model
import Moves

/// Three hosts and the network blue, number 7, with a gateway.
enum Blue {
  static let network = VirtualNetwork(
    name: "blue", number: 7, subnet: IPSubnet(address: IPAddress("192.168.77.0")!, length: 24)!,
    gateway: IPAddress("192.168.77.254"))
  static let underlay = [
    "a": IPAddress("10.99.1.1")!, "b": IPAddress("10.99.2.1")!, "c": IPAddress("10.99.2.2")!,
  ]
  static let mac1 = MACAddress("52:54:00:00:00:01")!
  static let mac2 = MACAddress("52:54:00:00:00:02")!
  static let ip1 = IPAddress("192.168.77.1")!
  static let ip2 = IPAddress("192.168.77.2")!

  static func vm1(at host: String, epoch: UInt64 = 1) -> FabricEntry {
    FabricEntry(
      vm: "vm1", interfaces: [.init(network: "blue", mac: mac1, addresses: [ip1])], host: host, epoch: epoch)
  }

  static let vm2 = FabricEntry(
    vm: "vm2", interfaces: [.init(network: "blue", mac: mac2, addresses: [ip2])], host: "c")

  static func wanted(at host: String, _ vm1: FabricEntry, phases: LocalPhases = LocalPhases()) -> WantedFabric {
    wanted(at: host, map: [vm1, vm2], phases: phases)
  }

  static func wanted(at host: String, map: [FabricEntry], phases: LocalPhases = LocalPhases()) -> WantedFabric {
    WantedFabric(host: host, underlay: underlay, networks: [network], map: FabricMap(map), phases: phases)
  }

  /// All hosts, of one opinion.
  static func model(_ vm1: FabricEntry) -> ForwardingModel {
    let agent = ForwardingModel.Agent(map: FabricMap([vm1, vm2]))
    return ForwardingModel(
      network: network, underlay: underlay, agents: underlay.keys.reduce(into: [:]) { $0[$1] = agent })
  }

  /// The kernel once it is as it was wanted.
  static func actual(_ wanted: WantedFabric) -> ActualFabric { ActualFabric(wanted.objects.values) }
}

extension LocalPhases {
  static func staged(_ vm: String) -> LocalPhases {
    var phases = LocalPhases()
    phases.stage(vm)
    return phases
  }

  static func left(_ vm: String) -> LocalPhases {
    var phases = LocalPhases()
    phases.fence(vm)
    phases.forwardLateFrames(of: vm)
    return phases
  }
}
