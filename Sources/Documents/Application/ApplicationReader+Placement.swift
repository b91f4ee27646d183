internal import Model

extension ApplicationReader {
  /// Warns of constraints that the present placement breaks: a plan mends that, whatever it gains.
  func checkPlacement(of application: Application, log: DiagnosticLog) {
    guard let federation else { return }
    let siteOfHost = federation.sitesOfHosts
    var hosts: [String: String] = [:]
    for vm in application.vms { hosts[vm.name] = vm.host }
    let site = { (vm: String) in hosts[vm].flatMap { siteOfHost[$0] } }
    checkQuotas(of: application, federation, by: site, log: log)

    for (index, constraint) in application.constraints.enumerated() {
      let broken: String? =
        switch constraint {
        case .pin(let vm, let sites): site(vm).flatMap { sites.contains($0) ? nil : Self.isOn(vm, $0) }
        case .ban(let vm, let sites): site(vm).flatMap { sites.contains($0) ? Self.isOn(vm, $0) : nil }
        case .together(let vms): Self.differing(vms, by: site)
        case .apart(let vms): Self.sharing(vms, hosts)
        case .spread(let vms, let most): Self.crowding(vms, most, by: site)
        case .residency(let vms, let jurisdictions):
          vms.lazy.compactMap { vm in
            site(vm).flatMap { place in
              let here = federation.sites.first { $0.name == place }?.jurisdictions ?? []
              return here.contains(where: jurisdictions.contains) ? nil : Self.isOn(vm, place)
            }
          }.first
        }
      guard let broken else { continue }
      log.warning(
        at: constraintPositions[index], "constraints[\(index)]: the present placement breaks it: \(broken)",
        hint: "a plan has to mend that")
    }
  }

  private static func isOn(_ vm: String, _ site: String) -> String { "\(quoted(vm)) is on \(quoted(site))" }

  private static func differing(_ vms: [String], by site: (String) -> String?) -> String? {
    let placed = vms.compactMap { vm in site(vm).map { (vm: vm, site: $0) } }
    guard let first = placed.first, let other = placed.first(where: { $0.site != first.site }) else { return nil }
    return "\(quoted(first.vm)) is on \(quoted(first.site)), \(quoted(other.vm)) on \(quoted(other.site))"
  }

  private static func crowding(_ vms: [String], _ most: Int, by site: (String) -> String?) -> String? {
    var counts: [String: Int] = [:]
    for place in vms.compactMap(site) { counts[place, default: 0] += 1 }
    guard let (place, count) = counts.sorted(by: { $0.key < $1.key }).first(where: { $0.value > most }) else {
      return nil
    }
    return "\(count) of them are on \(quoted(place))"
  }

  /// Warns of quotas below what the VMs have there now.
  private func checkQuotas(
    of application: Application, _ federation: Federation, by site: (String) -> String?, log: DiagnosticLog
  ) {
    for place in federation.sites {
      let here = application.vms.indices.filter { site(application.vms[$0].name) == place.name }
      guard let first = here.first else { continue }
      let vcpus = here.reduce(0) { $0 + application.vms[$1].vcpus }
      let memory = here.reduce(0) { $0 + application.vms[$1].memoryGiB }
      let figures: [(Double, Double?, String)] = [
        (Double(here.count), place.quota.vms.map(Double.init), "VMs"), (vcpus, place.quota.vcpus, "vCPUs"),
        (memory, place.quota.memoryGiB, "GiB of memory"),
      ]
      for (used, limit, unit) in figures {
        guard let limit, used > limit * (1 + 1e-9) else { continue }
        log.warning(
          at: vmPositions[first],
          "vms[\(first)]: with it \(shortest(used)) \(unit) are on \(quoted(place.name)), whose quota is "
            + shortest(limit),
          hint: "a plan has to mend that; raise the quota if they may stay")
      }
    }
  }

  private static func sharing(_ vms: [String], _ hosts: [String: String]) -> String? {
    var seen: [String: String] = [:]
    for vm in vms {
      guard let host = hosts[vm] else { continue }
      if let other = seen[host] { return "\(quoted(other)) and \(quoted(vm)) are both on \(quoted(host))" }
      seen[host] = vm
    }
    return nil
  }
}
