import Model

extension Planner {
  /// What clashes where counting shows it, without a search: all VMs take more than there is, VMs that are to be apart
  /// outnumber the hosts, or VMs that are to be together (or one) have no site with room for them. With the question
  /// that it is said of, which in the last case is that of those VMs alone.
  package func evidentClash() -> (question: Planner, clash: Clash)? {
    if let clash = clashOfTotals() ?? clashOfCounts() { return (self, clash) }
    for (index, constraint) in application.constraints.enumerated() {
      if case .apart(let vms) = constraint, Set(vms).count > instance.hosts.count {
        return (self, Clash([.rule(index)], in: instance) { _ in .placement(nil) })
      }
    }
    guard let group = instance.groupWithoutSite, let part = part(group) else { return nil }
    let clash = Clash(Requirement.all(of: part.application, in: part.instance), in: part.instance) { left in
      guard let relaxed = part.without(left) else { return .unknown }
      return relaxed.instance.groupWithoutSite == nil ? .placement(nil) : .none
    }
    return (part, clash)
  }

  private func clashOfTotals() -> Clash? {
    clashOfTotals(\.vcpus, \.vcpus, \.quota.vcpus, Requirement.vcpus, Requirement.quotaVCPUs)
      ?? clashOfTotals(\.memoryGiB, \.memoryGiB, \.quota.memoryGiB, Requirement.memory, Requirement.quotaMemory)
  }

  /// All VMs are more than all sites may have.
  private func clashOfCounts() -> Clash? {
    func suffices(_ federation: Federation) -> Bool {
      var left = application.vms.count
      for site in federation.sites where left > 0 && !site.hosts.isEmpty { left -= min(left, site.quota.vms ?? left) }
      return left == 0
    }
    guard !suffices(federation), !instance.hosts.isEmpty else { return nil }
    let sites = federation.sites.indices.filter { federation.sites[$0].quota.vms != nil }
    return Clash(sites.map(Requirement.quotaVMs), in: instance) { left in
      var (federation, application) = (federation, application)
      Requirement.relax(left, &federation, &application)
      return suffices(federation) ? .placement(nil) : .none
    }
  }

  private func clashOfTotals(
    _ taken: (VM) -> Double, _ given: (Room) -> Double, _ quota: (Site) -> Double?,
    _ hosts: (Range<Int>) -> Requirement, _ quotas: (Int) -> Requirement
  ) -> Clash? {
    let need = application.vms.reduce(0) { $0 + taken($1) }
    let managed = instance.present == nil ? [] : application.vms.filter { $0.managedBy != nil }
    func suffices(_ federation: Federation) -> Bool {
      let total = federation.sites.reduce(0) { sum, site in
        // Of a host that is to be left, what those take there that stay.
        let rooms = site.hosts.compactMap { host -> Double? in
          if !site.isDrained, !host.isDrained { return given(site.room(of: host)) }
          let kept = managed.filter { $0.host == host.name }
          return kept.isEmpty ? nil : kept.reduce(0) { $0 + taken($1) }
        }
        return sum + min(rooms.reduce(0, +), rooms.isEmpty ? 0 : quota(site) ?? .infinity)
      }
      return !exceeds(need, total)
    }
    guard !suffices(federation) else { return nil }
    let sites = federation.sites.indices.filter { !federation.sites[$0].hosts.isEmpty }
    let all = Requirement.all(of: application, in: instance).filter { requirement in
      switch requirement {
      case .headroom, .drained, .drainedSite: true
      default: false
      }
    }
    let quotas = sites.filter { quota(federation.sites[$0]) != nil }.map(quotas)
    return Clash(quotas + sites.map { hosts(instance.siteHosts[$0]) } + all, in: instance) { left in
      var (federation, application) = (federation, application)
      Requirement.relax(left, &federation, &application)
      return suffices(federation) ? .placement(nil) : .none
    }
  }

  /// The question of some VMs alone, with what doesn't depend on the run as a whole: rooms, quotas, constraints, closed
  /// sites. If it has no answer, the whole has none.
  func part(_ vms: [Int]) -> Planner? {
    var (federation, application) = (federation, application)
    let names = Set(vms.map { application.vms[$0].name })
    application.vms = vms.map { application.vms[$0] }
    application.endpoints = []
    application.constraints = application.constraints.compactMap { $0.restricted(to: names) }
    (application.deadline, application.budget, application.objective) = (nil, nil, .cost)
    for site in federation.sites.indices {
      federation.sites[site].quota.vcpuHours = nil
      if instance.secondsUntilClosed[site].map({ $0 >= 0 }) ?? true {
        (federation.sites[site].availableUntil, federation.sites[site].windows) = (nil, [])
      }
    }
    return changed(federation, application, TrafficMatrix(rows: [], hasWaits: traffic.hasWaits))
  }
}

extension PlacementInstance {
  /// VMs that are to share a site (or one alone) for which none has room, whatever the others do; nil where all have.
  var groupWithoutSite: [Int]? {
    DisjointSets.merged(together, count: vms.count).first { group in
      !sites.indices.contains { hasRoom(for: group, at: $0) }
    }
  }

  /// Whether a site and its quota have room for VMs by their sums, and some host of it for each.
  private func hasRoom(for group: [Int], at site: Int) -> Bool {
    guard (secondsUntilClosed[site] ?? 0) >= 0, !siteHosts[site].isEmpty else { return false }
    let place = sites[site]
    let kept = group.filter { vm in siteHosts[site].contains { isKept(vm, at: $0) } }
    let rooms =
      siteHosts[site].filter { !isDrained($0) }.map { self.rooms[$0] }
      + kept.map { Room(vcpus: vms[$0].vcpus, memoryGiB: vms[$0].memoryGiB) }
    guard group.count <= place.quota.vms ?? .max else { return false }
    let vcpus = group.reduce(0) { $0 + vms[$1].vcpus }
    let memory = group.reduce(0) { $0 + vms[$1].memoryGiB }
    return !exceeds(vcpus, min(place.quota.vcpus ?? .infinity, rooms.reduce(0) { $0 + $1.vcpus }))
      && !exceeds(memory, min(place.quota.memoryGiB ?? .infinity, rooms.reduce(0) { $0 + $1.memoryGiB }))
      && group.allSatisfy { vm in
        allowed[vm * sites.count + site] && siteHosts[site].contains { canHold(vm, $0) }
      }
  }

  /// Whether a host has room for a VM that is alone there, and it can be moved to it.
  private func canHold(_ vm: Int, _ host: Int) -> Bool {
    if case .failure = migration(of: vm, to: host) { return false }
    guard !isDrained(host) || isKept(vm, at: host), incompatibility(of: vm, on: host) == nil else { return false }
    return !exceeds(vms[vm].vcpus, rooms[host].vcpus) && !exceeds(vms[vm].memoryGiB, rooms[host].memoryGiB)
  }
}

extension Constraint {
  /// What it says of some VMs alone; nil where that is nothing.
  fileprivate func restricted(to names: Set<String>) -> Constraint? {
    switch self {
    case .pin(let vm, _), .ban(let vm, _): return names.contains(vm) ? self : nil
    case .together(let vms):
      let some = vms.filter(names.contains)
      return some.count > 1 ? .together(some) : nil
    case .apart(let vms):
      let some = vms.filter(names.contains)
      return some.count > 1 ? .apart(some) : nil
    case .spread(let vms, let most):
      let some = vms.filter(names.contains)
      return some.count > most ? .spread(some, maximumPerSite: most) : nil
    case .residency(let vms, let jurisdictions):
      let some = vms.filter(names.contains)
      return some.isEmpty ? nil : .residency(some, jurisdictions: jurisdictions)
    }
  }
}
