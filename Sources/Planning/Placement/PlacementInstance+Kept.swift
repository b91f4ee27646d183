internal import Model

extension PlacementInstance {
  /// Whether a VM stays on a host that is to be left: another manager has it, which alone can move it.
  func isKept(_ vm: Int, at host: Int) -> Bool {
    present?[vm] == host && vms[vm].managedBy != nil && isDrained(host)
  }
}

extension PlacementInstance {
  /// A sentence for each VM that stays on a host that is to be left.
  package var keptInWords: [String] {
    warnings.compactMap { warning in
      guard case .keptAtDrained = warning else { return nil }
      return warning.description
    }
  }
}

extension PlacementWarning {
  /// Those VMs of which hosts that are to be left can't be rid.
  ///
  /// - Parameter present: host of each VM; nil: none has one.
  static func kept(_ vms: [VM], _ present: [Int]?, in sites: [Site]) -> [PlacementWarning] {
    guard let present else { return [] }
    let hosts = sites.flatMap { site in site.hosts.map { ($0.name, site.isDrained || $0.isDrained) } }
    return zip(vms, present).compactMap { vm, host in
      guard let manager = vm.managedBy, hosts[host].1 else { return nil }
      return .keptAtDrained(vm: vm.name, host: hosts[host].0, manager: manager)
    }
  }
}
