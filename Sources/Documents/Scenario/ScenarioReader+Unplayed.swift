internal import Model

extension ScenarioReader {
  /// Fields of a federation that are for plans alone, and that would make a policy see what isn't there.
  private static let unplayed = (
    federation: ["cpuModels", "owners"], site: ["jurisdictions", "headroom"], quota: ["vcpuHours", "vms"],
    host: ["headroom", "cpuModel", "qemuVersion"]
  )

  /// Refuses what changes when a site can be used, and warns of what else is left out.
  func warnOfWhatIsNotPlayed(_ federation: Fields) {
    warn(of: Self.unplayed.federation, in: federation.value)
    guard let sites = federation["sites"] else { return }
    for site in sites.children {
      warn(of: Self.unplayed.site, in: site)
      site.child("windows")?.error(
        "isn't played", hint: "say when it closes by `availableUntil`, or both by events: `closes`, `opens`")
      Self.refuseDrain(of: site)
      if let quota = site.child("quota") { warn(of: Self.unplayed.quota, in: quota) }
      for host in site.child("hosts")?.children ?? [] {
        warn(of: Self.unplayed.host, in: host)
        Self.refuseDrain(of: host)
      }
    }
  }

  private static func refuseDrain(of place: Value) {
    guard let drain = place.child("drain"), drain.node.text?.lowercased() == "true" else { return }
    drain.error("isn't played", hint: "leave out what takes no VMs, or let the site close by an event: `closes`")
  }

  private func warn(of names: [String], in value: Value) {
    for field in names.compactMap(value.child) {
      field.log.warning(at: field.position, "\(field.path): isn't played, and left out", hint: nil)
    }
  }

  /// A site without what isn't played.
  static func played(_ site: Site) -> Site {
    var site = site
    (site.windows, site.jurisdictions, site.headroom, site.isDrained) = ([], [], 0, false)
    (site.quota.vcpuHours, site.quota.vms) = (nil, nil)
    for host in site.hosts.indices {
      (site.hosts[host].headroom, site.hosts[host].isDrained) = (nil, false)
      (site.hosts[host].cpuModel, site.hosts[host].qemuVersion) = (nil, nil)
    }
    return site
  }
}

extension Value {
  /// The items of a list, the field of a mapping; none where it is something else, which has been told.
  fileprivate var children: [Value] {
    (node.items ?? []).enumerated().map { Value(node: $1, path: .item(path, $0), log: log) }
  }

  fileprivate func child(_ name: String) -> Value? {
    node.field(name).map { Value(node: $0, path: .field(path, name), log: log) }
  }
}
