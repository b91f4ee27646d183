package import Model

/// The federation as one application may use it now: without the room that others take, and without hosts that are
/// drained or silent.
package struct FederationInForce: Hashable, Sendable {
  package let federation: Federation
  /// Hosts that are to be left.
  package let drained: Set<String>

  package init(federation: Federation, drained: Set<String>) {
    self.federation = federation
    self.drained = drained
  }

  /// What is left for the VMs `own`, which count as if they took nothing.
  ///
  /// - Parameter arriving: where plans that are being carried out take VMs; those need room here and there.
  package func room(for own: Set<String>, in situation: Situation, arriving: [String: String] = [:]) -> Federation {
    var taken: [String: (vcpus: Double, memory: Double)] = [:]
    for (name, vm) in situation.vms where !own.contains(name) {
      for host in Set([situation.host(of: name), arriving[name]].compactMap(\.self)) {
        taken[host, default: (0, 0)].vcpus += vm.vcpus
        taken[host, default: (0, 0)].memory += Double(vm.memory) / 0x1p30
      }
    }
    var result = federation
    for site in result.sites.indices {
      var vcpus = 0.0
      var memory = 0.0
      for index in result.sites[site].hosts.indices {
        var host = result.sites[site].hosts[index]
        let used = taken[host.name] ?? (0, 0)
        vcpus += used.vcpus
        memory += used.memory
        let isClosed = drained.contains(host.name) || !situation.connected.contains(host.name)
        host.vcpus = isClosed ? 0 : max(0, host.vcpus - used.vcpus)
        host.memoryGiB = host.memoryGiB.map { max(0, $0 - used.memory) }
        result.sites[site].hosts[index] = host
      }
      let quota = result.sites[site].quota
      result.sites[site].quota.vcpus = quota.vcpus.map { max(0, $0 - vcpus) }
      result.sites[site].quota.memoryGiB = quota.memoryGiB.map { max(0, $0 - memory) }
    }
    return result
  }
}
