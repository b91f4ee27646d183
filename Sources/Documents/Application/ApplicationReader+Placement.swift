internal import Model

extension ApplicationReader {
  /// Warns of constraints that the present placement breaks: a plan mends that, whatever it gains.
  func checkPlacement(of application: Application, log: DiagnosticLog) {
    guard let federation else { return }
    var siteOfHost: [String: String] = [:]
    for site in federation.sites {
      for host in site.hosts { siteOfHost[host.name] = site.name }
    }
    var hosts: [String: String] = [:]
    for vm in application.vms { hosts[vm.name] = vm.host }
    let site = { (vm: String) in hosts[vm].flatMap { siteOfHost[$0] } }

    for (index, constraint) in application.constraints.enumerated() {
      let broken: String? =
        switch constraint {
        case .pin(let vm, let sites): site(vm).flatMap { sites.contains($0) ? nil : Self.isOn(vm, $0) }
        case .ban(let vm, let sites): site(vm).flatMap { sites.contains($0) ? Self.isOn(vm, $0) : nil }
        case .together(let vms): Self.differing(vms, by: site)
        case .apart(let vms): Self.sharing(vms, hosts)
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
