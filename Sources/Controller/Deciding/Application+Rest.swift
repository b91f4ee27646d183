internal import Model

extension Application {
  /// Of an application of which some VMs run, the others: placed so that all of its constraints hold.
  ///
  /// A VM that belongs together with one that runs goes to its site. One that is to be apart from it leaves that host
  /// alone, and so do all others that are placed with it, which may be more than need to.
  ///
  /// - Parameters:
  ///   - names: of the VMs to be placed.
  ///   - running: host of each of the others.
  ///   - room: what is free; hosts that must be left alone are closed in it.
  func rest(_ names: Set<String>, others running: [String: String], in room: inout Federation) -> Application {
    var rest = self
    rest.vms = vms.filter { names.contains($0.name) }
    for index in rest.vms.indices { rest.vms[index].host = nil }
    let sites = room.sitesOfHosts
    var closed: Set<String> = []
    rest.constraints = constraints.flatMap { constraint -> [Constraint] in
      switch constraint {
      case .pin(let vm, _), .ban(let vm, _): return names.contains(vm) ? [constraint] : []
      case .together(let members):
        let own = members.filter(names.contains)
        let taken = Set(members.compactMap { running[$0] }.compactMap { sites[$0] })
        if taken.isEmpty { return own.count > 1 ? [.together(own)] : [] }
        return own.map { .pin(vm: $0, sites: taken.sorted()) }
      case .apart(let members):
        let own = members.filter(names.contains)
        if !own.isEmpty { closed.formUnion(members.compactMap { running[$0] }) }
        return own.count > 1 ? [.apart(own)] : []
      case .residency(let members, let jurisdictions):
        let own = members.filter(names.contains)
        return own.isEmpty ? [] : [.residency(own, jurisdictions: jurisdictions)]
      case .spread(let members, let most):
        let own = members.filter(names.contains)
        let taken = Dictionary(grouping: members.compactMap { running[$0] }.compactMap { sites[$0] }, by: \.self)
          .mapValues(\.count)
        let full = taken.filter { $0.value >= most }.map(\.key).sorted()
        // The others take as many as the site that has the most leaves: maybe fewer than they could elsewhere.
        let left = most - (taken.values.filter { $0 < most }.max() ?? 0)
        return own.map { .ban(vm: $0, sites: full) }.filter { _ in !full.isEmpty }
          + (own.count > left ? [.spread(own, maximumPerSite: left)] : [])
      }
    }
    for site in room.sites.indices {
      for host in room.sites[site].hosts.indices where closed.contains(room.sites[site].hosts[host].name) {
        room.sites[site].hosts[host].vcpus = 0
      }
    }
    return rest
  }
}
