import Agent
import Model
import Moves
import Wire

/// The VMs of a federation by an agent's map: who can be sensed, and how each is called.
struct SenseSubjects {
  let machines: [NamedMachine]

  init(map: Transhumance_V1_FabricMap) {
    machines = map.entries.flatMap { entry in
      entry.interfaces.map { NamedMachine(vm: entry.vm, mac: MACAddress($0.mac), network: $0.network) }
    }
  }

  /// Of the VMs whose taps are here. Whoever's agent was asked: the host whose namespace this is has them.
  ///
  /// - Parameter isHere: whether there is an interface of that name
  func taps(_ isHere: (String) -> Bool) -> [SensedTap] {
    machines.compactMap { machine in
      let tap = FabricNames.tap(machine.mac)
      guard isHere(tap) else { return nil }
      return SensedTap(interface: tap, vm: machine.vm, mac: machine.mac, network: machine.network)
    }
  }

  /// Taps that were given by Ethernet address alone, with their VMs' names.
  func named(_ taps: [SensedTap]) -> [SensedTap] {
    taps.map { tap in
      guard let mac = tap.mac, tap.vm == mac.description, let machine = machines.first(where: { $0.mac == mac })
      else { return tap }
      var tap = tap
      tap.vm = machine.vm
      return tap
    }
  }

  /// For taps of which nobody says in what network they are.
  var inOneNetwork: [NamedMachine] { machines.map { NamedMachine(vm: $0.vm, mac: $0.mac, network: "") } }
}
