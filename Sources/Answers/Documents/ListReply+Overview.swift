package import Wire

extension ListReply {
  /// What the controller knows of hosts and VMs, as an agent would tell it: of a host that isn't connected, VMs as it
  /// last told of them. Addresses of hosts, and VMs that no host has, the controller doesn't know.
  package init(_ overview: OverviewReply) {
    self.init()
    var entries: [String: Transhumance_V1_FabricEntry] = [:]
    for host in overview.hosts {
      var status = HostStatus()
      (status.name, status.site) = (host.name, host.site)
      if host.connected, host.hasReport {
        status.report = host.report
      } else if host.connected {
        // A sensor may leave it out, and an agent has to come to it.
        status.error = "it is connected, and hasn't told its state"
      } else {
        status.error = "its agent isn't connected to the controller"
      }
      hosts.append(status)
      // Of a VM that moved, two hosts may tell: the later epoch is right.
      for vm in host.report.vms where vm.hasEntry && vm.entry.epoch >= entries[vm.name]?.epoch ?? 0 {
        entries[vm.name] = vm.entry
      }
    }
    map.entries = entries.sorted { $0.key < $1.key }.map(\.value)
  }
}
