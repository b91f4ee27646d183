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
    let (old, new) = (Dictionary(hosts.map { ($0.name, $0) }) { first, _ in first }, later.hosts)
    for host in hosts where !new.contains(where: { $0.name == host.name }) { found.append("host \(host.name) is gone") }
    for host in new {
      if old[host.name] == nil { found.append("host \(host.name) is new") }
      if let before = old[host.name], before != host {
        found.append("host \(host.name) has another size, speed or power")
      }
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
