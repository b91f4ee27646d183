import Model

/// Which hosts may have which VMs, by what they have in common: CPU model, QEMU version, whether a host is drained, and
/// those that stay there even so.
struct ClassTables {
  /// Class of each VM and of each host.
  let vms: [Int]
  let hosts: [Int]
  let hostCount: Int
  /// Entry `VM's class · hostCount + host's class`.
  let runs: [Bool]

  private struct HostKind: Hashable {
    let cpuModel: String?
    let qemuVersion: QEMUVersion?
    let isDrained: Bool
    /// Itself, where it is drained and a VM is kept there.
    let keeps: Int?
  }

  private struct GuestKind: Hashable {
    let guest: Guest
    /// The drained host where it is kept.
    let keptAt: Int?
  }

  init(_ instance: PlacementInstance) {
    let keptAt = instance.vms.indices.map { vm in
      instance.present.flatMap { instance.isKept(vm, at: $0[vm]) ? $0[vm] : nil }
    }
    let keeping = Set(keptAt.lazy.compactMap(\.self))
    let guests = Numbering(zip(instance.guests, keptAt).map { GuestKind(guest: $0, keptAt: $1) })
    let kinds = Numbering(
      instance.hosts.indices.map { host in
        HostKind(
          cpuModel: instance.hosts[host].cpuModel, qemuVersion: instance.hosts[host].qemuVersion,
          isDrained: instance.isDrained(host), keeps: keeping.contains(host) ? host : nil)
      })
    (vms, hosts, hostCount) = (guests.numbers, kinds.numbers, kinds.firsts.count)
    runs = guests.firsts.flatMap { vm in
      kinds.firsts.map { host in
        (!instance.isDrained(host) || keptAt[vm] == host) && instance.incompatibility(of: vm, on: host) == nil
      }
    }
  }
}

/// Equal elements numbered alike, from 0, with the index of the first of each.
private struct Numbering<Element: Hashable> {
  private(set) var numbers: [Int] = []
  private(set) var firsts: [Int] = []

  init(_ elements: [Element]) {
    var known: [Element: Int] = [:]
    for (index, element) in elements.enumerated() {
      let number = known[element] ?? firsts.count
      if number == firsts.count {
        known[element] = number
        firsts.append(index)
      }
      numbers.append(number)
    }
  }
}
