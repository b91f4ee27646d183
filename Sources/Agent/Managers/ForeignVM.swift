internal import Model

/// A VM that runs at this host without libvirt, as another manager has started its QEMU: it takes room, no more.
package struct ForeignVM: Hashable, Sendable {
  /// Of Proxmox VE with its number, since names repeat there.
  package var name: String
  package var manager: OtherManager
  package var vcpus: Int
  /// Bytes.
  package var memory: UInt64

  /// By the command line of a process; nil: it is no such VM.
  ///
  /// - Proxmox VE: `/usr/bin/kvm -id 100 -name … -pidfile /var/run/qemu-server/100.pid …` (PVE/QemuServer.pm of
  ///   qemu-server; examples in its test/cfg2cmd). What is plugged in at the start are devices of their own:
  ///   `…-x86_64-cpu,id=cpu2,…`, and memory with the identifiers `mem-dimm…`.
  /// - Ganeti: `-pidfile /var/run/ganeti/kvm-hypervisor/pid/NAME` (lib/hypervisor/hv_kvm).
  ///
  /// - Parameter highlyAvailable: numbers of VMs that Proxmox HA has.
  package init?(command: [String], highlyAvailable: Set<String>) {
    let program = command.first?.split(separator: "/").last ?? ""
    guard program.hasPrefix("qemu") || program.hasPrefix("kvm") else { return nil }
    func values(_ option: String) -> [String] {
      zip(command, command.dropFirst()).filter { $0.0 == option }.map(\.1)
    }
    guard let file = values("-pidfile").first else { return nil }
    let title = values("-name").first.map { String($0.prefix { $0 != "," }.prefix(100)).onOneLine }
    if let number = values("-id").first, file.hasSuffix("/run/qemu-server/\(number).pid") {
      manager = highlyAvailable.contains(number) ? .proxmoxHA : .proxmox
      name = "\(title ?? "vm")-\(number)"
    } else if file.contains("/ganeti/kvm-hypervisor/pid/"), let last = file.split(separator: "/").last {
      manager = .ganeti
      name = title ?? String(last).onOneLine
    } else {
      return nil
    }
    let plugged = values("-device").count { $0.contains("-x86_64-cpu,") }
    let count = values("-smp").first.flatMap { Self.number(Self.first("cpus", in: $0)) } ?? 1
    vcpus = Int(min(count, 1 << 20)) + plugged
    let dimms = values("-object").filter { $0.contains(",id=mem-dimm") }.compactMap { Self.first("size", in: $0) }
    let parts = [values("-m").first.flatMap { Self.first("size", in: $0) }] + dimms
    memory = parts.reduce(0) { sum, part in
      let (total, isOver) = sum.addingReportingOverflow(Self.bytes(part))
      return isOver ? .max : total
    }
  }

  /// `4` of `4,sockets=2` and of `sockets=2,cpus=4`: the key of the first may be left out, by QEMU's syntax.
  private static func first(_ key: String, in option: String) -> String? {
    let parts = option.split(separator: ",")
    if let named = parts.first(where: { $0.hasPrefix("\(key)=") }) { return String(named.dropFirst(key.count + 1)) }
    return parts.first.flatMap { $0.contains("=") ? nil : String($0) }
  }

  private static func number(_ text: String?) -> UInt64? { text.flatMap { UInt64($0) } }

  /// In MiB unless a suffix says otherwise, as `-m` and sizes of memory have it.
  private static func bytes(_ text: String?) -> UInt64 {
    guard let text, let last = text.last else { return 0 }
    let shifts: [Character: UInt64] = ["K": 10, "k": 10, "M": 20, "m": 20, "G": 30, "g": 30, "T": 40, "t": 40]
    let shift = shifts[last]
    guard let value = number(shift == nil ? text : String(text.dropLast())) else { return 0 }
    let (bytes, isOver) = value.multipliedReportingOverflow(by: 1 << (shift ?? 20))
    return isOver ? .max : bytes
  }
}
