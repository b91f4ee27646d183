import Agent
import Foundation
import Linux
import Model
import Moves
import Testing

/// What entries cost, for docs/measurements.md: `FABRIC_COST=10000 swift test … --filter FabricCost` prints one line
/// of JSON.
@Suite(
  .enabled(
    if: ProcessInfo.processInfo.environment["FABRIC_COST"] != nil && PrivateNetwork.isPossible,
    "a measurement: run with FABRIC_COST=10000, as root"))
struct FabricCost {
  let count = Int(ProcessInfo.processInfo.environment["FABRIC_COST"] ?? "") ?? 10_000

  /// As many VMs elsewhere: for each an entry of the bridge, one of the VXLAN device, and a neighbour.
  func wanted() -> WantedFabric {
    let subnet = IPSubnet(address: IPAddress(v4: 0x0a80_0000), length: 9)!
    let network = VirtualNetwork(name: "blue", number: 1, subnet: subnet)
    let map = FabricMap(
      (1...count).map { index in
        FabricEntry(
          vm: "vm\(index)",
          interfaces: [
            .init(
              network: "blue", mac: MACAddress(0x5254_0000_0000 + UInt64(index)),
              addresses: [IPAddress(v4: 0x0a80_0000 + UInt32(index))])
          ],
          host: index % 2 == 0 ? "a2" : "b1")
      })
    return WantedFabric(host: "a1", underlay: ThreeMachines.underlay, networks: [network], map: map)
  }

  /// Microseconds.
  func time(_ body: () throws -> Void) rethrows -> Double {
    let duration = try ContinuousClock().measure(body)
    return Double(duration.components.seconds) * 1e6 + Double(duration.components.attoseconds) / 1e12
  }

  @Test func entries() async throws {
    let wanted = wanted()
    let count = count
    try await PrivateNetwork.run {
      let kernel = try KernelFabric()
      let none = WantedFabric(host: "a1", underlay: ThreeMachines.underlay, networks: [], map: FabricMap())
      let changes = wanted.difference(from: try kernel.actual())
      var failures: [KernelFabric.Failure] = []
      let put = try time { failures += try kernel.apply(changes) }
      var actual = ActualFabric()
      let read = try time { actual = try kernel.actual() }
      var isAsWanted = false
      let compare = time { isAsWanted = wanted.difference(from: actual).isEmpty }
      #expect(isAsWanted)
      let removals = changes.compactMap { if case .put(let object) = $0, !object.isOfDevices { object } else { nil } }
      let remove = try time { failures += try kernel.apply(removals.map(FabricChange.remove)) }
      #expect(failures.isEmpty)
      // The same with iproute2, in one process and in one each.
      let lines = (1...count).flatMap { index -> [String] in
        let mac = MACAddress(0x5254_0000_0000 + UInt64(index))
        return ["fdb replace \(mac) dev thx1 self dst 10.99.1.2", "fdb replace \(mac) dev thx1 master static"]
      }
      let script = FileManager.default.temporaryDirectory.appending(path: "fabric-cost-\(getpid())")
      try lines.joined(separator: "\n").write(to: script, atomically: true, encoding: .utf8)
      defer { try? FileManager.default.removeItem(at: script) }
      let batch = try time { try PrivateNetwork.run("bridge -batch \(script.path)") }
      let each = try time { for line in lines.prefix(200) { try PrivateNetwork.run("exec bridge \(line)") } }
      _ = try kernel.reconcile(none)
      func figure(_ microseconds: Double, _ entries: Int) -> String {
        String(format: "%.2f", microseconds / Double(entries))
      }
      print(
        """
        {"vms": \(count), "entries": \(removals.count), "putMicroseconds": \(figure(put, removals.count)), \
        "removeMicroseconds": \(figure(remove, removals.count)), "readMicroseconds": \(figure(read, removals.count)), \
        "compareMicroseconds": \(figure(compare, removals.count)), \
        "bridgeBatchMicroseconds": \(figure(batch, lines.count)), "bridgeEachMicroseconds": \(figure(each, 200))}
        """)
    }
  }
}

extension FabricObject {
  fileprivate var isOfDevices: Bool {
    switch self {
    case .bridge, .tunnel, .tap: true
    default: false
    }
  }
}
