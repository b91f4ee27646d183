package import Model
package import Wire

/// Where VMs run and how hosts are, put together from what the hosts said last.
package struct Situation: Sendable {
  /// A VM as its own host knows it.
  package struct VM: Hashable, Sendable {
    package var host: String
    /// As operators read it; `running`, `paused`, `lost`, …
    package var state: String
    package var vcpus: Double
    /// Bytes.
    package var memory: UInt64
    /// Who else moves it; nil: nobody that its host can tell.
    package var manager: String?
  }

  /// A VM on none of the fabric's networks: nobody's to move, but it takes room.
  package struct Stranger: Hashable, Sendable {
    package var name: String
    package var vcpus: Double
    /// Bytes.
    package var memory: UInt64
    package var manager: String?
  }

  /// By name, those that a host has by the fabric's map.
  package private(set) var vms: [String: VM] = [:]
  /// By host, VMs that run there and aren't in the map; by name.
  package private(set) var strangers: [String: [Stranger]] = [:]
  /// VMs of which a move hasn't ended, with the host that owns it.
  package private(set) var moving: [String: String] = [:]
  /// Hosts that said something lately.
  package private(set) var connected: Set<String> = []
  /// Of those, the hosts that are kept as they are: nothing is to come, go or start there.
  package private(set) var holds: [String: HostHold] = [:]

  /// - Parameter reports: the latest of every host that is connected.
  package init(reports: [HostReport]) {
    var epochs: [String: UInt64] = [:]
    for report in reports {
      connected.insert(report.name)
      if let held = report.held { holds[report.name] = held }
      for move in report.moves where move.result.isEmpty { moving[move.vm] = report.name }
      let others = report.vms.filter { !$0.hasEntry && ["running", "paused"].contains($0.state) }
      if !others.isEmpty {
        strangers[report.name] = others.sorted { $0.name < $1.name }.map {
          Stranger(name: $0.name, vcpus: Double($0.vcpus), memory: $0.memoryBytes, manager: $0.manager)
        }
      }
      for vm in report.vms where vm.hasEntry && vm.entry.host == report.name {
        // Two hosts may claim it for a moment, each by what it knows: the later epoch is right.
        guard vm.entry.epoch >= epochs[vm.name, default: 0] else { continue }
        epochs[vm.name] = vm.entry.epoch
        vms[vm.name] = VM(
          host: report.name, state: vm.state, vcpus: Double(vm.vcpus), memory: vm.memoryBytes, manager: vm.manager)
      }
    }
  }

  /// - Parameter hosts: what each said last; of one that isn't there now that doesn't count.
  package init(_ hosts: [Transhumance_V1_SensedHost]) {
    self.init(reports: hosts.filter { $0.connected && $0.hasReport }.map(\.report))
  }

  /// The host on which it runs; nil where it runs nowhere, or that isn't known.
  package func host(of vm: String) -> String? {
    vms[vm].flatMap { $0.state == "running" || $0.state == "paused" ? $0.host : nil }
  }

  /// Which hosts are held, and why; a sentence each.
  package var holdsInWords: [String] {
    holds.sorted { $0.key < $1.key }.map { host, hold in "\(hold.words(of: host)) (nothing comes or goes there)" }
  }

  /// Why a VM can't be planned with now; nil: it can.
  package func obstacle(of vm: String) -> String? {
    if moving[vm] != nil { return "\(vm) is on a move" }
    guard let known = vms[vm] else { return "\(vm) is on no host that answers" }
    return host(of: vm) == nil ? "\(vm) is \(known.state) at \(known.host)" : nil
  }
}

extension VMReport {
  /// Nil: none. What a host says, made fit to be part of a sentence.
  fileprivate var manager: String? {
    let name = String(managedBy.prefix(40)).onOneLine
    return name.isEmpty ? nil : name
  }
}
