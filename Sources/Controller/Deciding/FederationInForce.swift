package import Model
internal import Planning

/// The federation as one application may use it now: without the room that others take, and without hosts that are
/// drained, held or silent.
package struct FederationInForce: Hashable, Sendable {
  package let federation: Federation
  /// Hosts that are to be left.
  package let drained: Set<String>

  package init(federation: Federation, drained: Set<String>) {
    self.federation = federation
    self.drained = drained
  }

  /// The site that has a host of that name.
  func site(ofHost name: String) -> Site? { federation.sites.first { $0.hosts.contains { $0.name == name } } }

  /// What is left for the VMs `own`, which count as if they took nothing; all others count, whoever has them.
  ///
  /// - Parameter arriving: where plans that are being carried out take VMs; those need room here and there.
  package func room(for own: Set<String>, in situation: Situation, arriving: [String: Set<String>] = [:]) -> Federation {
    var taken: [String: (vcpus: Double, memory: Double, vms: Int)] = [:]
    func take(_ vcpus: Double, _ memory: UInt64, at host: String) {
      taken[host, default: (0, 0, 0)].vcpus += vcpus
      taken[host, default: (0, 0, 0)].memory += Double(memory) / 0x1p30
      taken[host, default: (0, 0, 0)].vms += 1
    }
    for (name, vm) in situation.vms where !own.contains(name) {
      var hosts = arriving[name] ?? []
      if let present = situation.host(of: name) { hosts.insert(present) }
      for host in hosts { take(vm.vcpus, vm.memory, at: host) }
    }
    for (host, strangers) in situation.strangers {
      for stranger in strangers where !own.contains(stranger.name) { take(stranger.vcpus, stranger.memory, at: host) }
    }
    var result = federation
    for site in result.sites.indices {
      var vcpus = 0.0
      var memory = 0.0
      var vms = 0
      for index in result.sites[site].hosts.indices {
        var host = result.sites[site].hosts[index]
        let used = taken[host.name] ?? (0, 0, 0)
        vcpus += used.vcpus
        memory += used.memory
        vms += used.vms
        // Headroom is of the whole host: where others take some, it is taken off before.
        let room = used.vms > 0 ? federation.sites[site].room(of: host) : nil
        if room != nil { host.headroom = 0 }
        host.vcpus = isClosed(host.name, in: situation) ? 0 : max(0, (room?.vcpus ?? host.vcpus) - used.vcpus)
        host.memoryGiB = host.memoryGiB.map { max(0, (room?.memoryGiB ?? $0) - used.memory) }
        result.sites[site].hosts[index] = host
      }
      let quota = result.sites[site].quota
      result.sites[site].quota.vcpus = quota.vcpus.map { max(0, $0 - vcpus) }
      result.sites[site].quota.memoryGiB = quota.memoryGiB.map { max(0, $0 - memory) }
      result.sites[site].quota.vms = quota.vms.map { max(0, $0 - vms) }
    }
    return result
  }

  /// Whether no VM may come to a host.
  package func isClosed(_ host: String, in situation: Situation) -> Bool {
    drained.contains(host) || situation.holds[host] != nil || !situation.connected.contains(host)
  }
}

extension Federation {
  /// Hosts that are held have the room that these VMs take there, and no more: nothing has to leave them, also where
  /// they are drained, and nothing can come.
  package mutating func keep(_ vms: [VM], at holds: [String: HostHold]) {
    for site in sites.indices {
      let held = sites[site].hosts.indices.filter { holds[sites[site].hosts[$0].name] != nil }
      if sites[site].isDrained, !held.isEmpty {
        sites[site].isDrained = false
        for index in sites[site].hosts.indices { sites[site].hosts[index].isDrained = true }
      }
      for index in held {
        (sites[site].hosts[index].isDrained, sites[site].hosts[index].headroom) = (false, 0)
        let there = vms.filter { $0.host == sites[site].hosts[index].name }
        sites[site].hosts[index].vcpus = there.reduce(0) { $0 + $1.vcpus }
        sites[site].hosts[index].memoryGiB = there.reduce(0) { $0 + $1.memoryGiB }
      }
    }
  }

  /// Hosts have at least the room that those of these VMs take there which somebody else moves: also where a host is
  /// drained, or others have overfilled it, they are there whatever is planned.
  package mutating func keepManaged(_ vms: [VM]) {
    for site in sites.indices {
      for index in sites[site].hosts.indices {
        var host = sites[site].hosts[index]
        let there = vms.filter { $0.host == host.name && $0.managedBy != nil }
        let vcpus = there.reduce(0) { $0 + $1.vcpus }
        let memory = there.reduce(0) { $0 + $1.memoryGiB }
        guard vcpus > host.vcpus || memory > host.memoryGiB ?? .infinity else { continue }
        host.vcpus = max(host.vcpus, vcpus)
        host.memoryGiB = host.memoryGiB.map { max($0, memory) }
        host.headroom = 0
        sites[site].hosts[index] = host
      }
    }
  }
}
