package import Model

extension Federation {
  /// In words for operators, what is another in a later version than in this one; empty where nothing is.
  package func changes(in later: Federation) -> [String] {
    let (before, after) = (Dictionary(sites.map { ($0.name, $0) }) { first, _ in first }, later.sites)
    let gone = sites.filter { site in !after.contains { $0.name == site.name } }.map { "site \($0.name) is gone" }
    let changed = after.flatMap { site in
      before[site.name].map { $0.changes(in: site) } ?? ["site \(site.name) is new"]
    }
    let other =
      (links == later.links ? [] : ["links between sites differ"])
      + (egress == later.egress ? [] : ["prices of traffic differ"])
      + (cpuModels == later.cpuModels ? [] : ["which CPU models run guests of which others differs"])
      + (owners == later.owners ? [] : ["owners' shares differ"])
    let found = gone + changed + other
    return found.isEmpty && self != later ? ["the order of sites or hosts differs"] : found
  }
}

extension Site {
  fileprivate func changes(in later: Site) -> [String] {
    var found: [String] = []
    if kind != later.kind { found.append("\(name): " + (later.kind.map { "is a \($0.rawValue)" } ?? "has no kind")) }
    if price != later.price { found.append("\(name): prices \(price.words) → \(later.price.words)") }
    if quota != later.quota { found.append("\(name): the quota differs") }
    if availableUntil != later.availableUntil {
      found.append("\(name): " + (later.availableUntil.map { "closes at \($0)" } ?? "doesn't close any more"))
    }
    if windows != later.windows { found.append("\(name): it is available at other times") }
    if isDrained != later.isDrained { found.append("\(name): is \(later.isDrained ? "" : "not ")to be left (drain)") }
    if headroom != later.headroom { found.append("\(name): headroom \(headroom) → \(later.headroom)") }
    if jurisdictions != later.jurisdictions { found.append("\(name): is in other jurisdictions") }
    let (old, new) = (Dictionary(hosts.map { ($0.name, $0) }) { first, _ in first }, later.hosts)
    for host in hosts where !new.contains(where: { $0.name == host.name }) { found.append("host \(host.name) is gone") }
    for host in new {
      if old[host.name] == nil { found.append("host \(host.name) is new") }
      if let before = old[host.name] { found += before.changes(in: host) }
    }
    return found
  }
}

extension Host {
  fileprivate func changes(in later: Host) -> [String] {
    var found: [String] = []
    if (vcpus, memoryGiB, speed, watts) != (later.vcpus, later.memoryGiB, later.speed, later.watts) {
      found.append("host \(name) has another size, speed or power")
    }
    if isDrained != later.isDrained { found.append("host \(name) is \(later.isDrained ? "" : "not ")to be left (drain)") }
    if (headroom, cpuModel, qemuVersion) != (later.headroom, later.cpuModel, later.qemuVersion) {
      found.append("host \(name) has another headroom, CPU model or QEMU version")
    }
    return found
  }
}

extension Price {
  fileprivate var words: String {
    [(vmHour, "a VM"), (vcpuHour, "a vCPU"), (memoryGiBHour, "a GiB")].filter { $0.0 != 0 }
      .map { "\($0.0) \($0.1) and hour" }.joined(separator: " + ").nonEmpty ?? "0"
  }
}

extension String {
  fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
