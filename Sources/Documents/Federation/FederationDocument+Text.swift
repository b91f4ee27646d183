public import Model

extension FederationDocument {
  /// The federation as a `federation.yaml` that an operator can edit; what is at its default is left out.
  public static func text(of federation: Federation) -> String {
    var lines = ["sites:"]
    for site in federation.sites {
      lines.append("  - name: \(quoted(site.name))")
      if let kind = site.kind { lines.append("    kind: \(kind.rawValue)") }
      if let end = site.availableUntil { lines.append("    availableUntil: \(end)") }
      let quota = [
        ("vcpus", site.quota.vcpus), ("memoryGiB", site.quota.memoryGiB), ("vcpuHours", site.quota.vcpuHours),
      ]
      if let fields = fields(quota) { lines.append("    quota: \(fields)") }
      let price = [
        ("vmHour", site.price.vmHour), ("vcpuHour", site.price.vcpuHour), ("memoryGiBHour", site.price.memoryGiBHour),
      ]
      if let fields = fields(price.map { ($0, $1 == 0 ? nil : $1) }) { lines.append("    price: \(fields)") }
      if !site.hosts.isEmpty { lines.append("    hosts:") }
      lines += site.hosts.map { host in
        let fields = fields([
          ("vcpus", host.vcpus), ("memoryGiB", host.memoryGiB), ("speed", host.speed == 1 ? nil : host.speed),
          ("watts", host.watts == 1 ? nil : host.watts),
        ])
        return "      - {name: \(quoted(host.name)), \((fields ?? "{").dropFirst())"
      }
    }
    lines += links(federation.links)
    lines += egress(federation.egress)
    return lines.joined(separator: "\n") + "\n"
  }

  private static func links(_ links: Links) -> [String] {
    var lines = ["links:  # one-way latency"]
    let all = [("sameHost", links.sameHost), ("sameSite", links.sameSite), ("betweenSites", links.betweenSites)]
    for (name, link) in all {
      lines.append("  \(name): {\(self.fields(of: link))}")
    }
    if !links.pairs.isEmpty { lines.append("  pairs:") }
    lines += links.pairs.sorted { ($0.key.first, $0.key.second) < ($1.key.first, $1.key.second) }.map { pair, link in
      "    - {between: [\(quoted(pair.first)), \(quoted(pair.second))], \(self.fields(of: link))}"
    }
    return lines
  }

  private static func fields(of link: Link) -> String {
    "latencyMs: \(link.latencyMs)" + (link.bandwidthMbps.map { ", bandwidthMbps: \($0)" } ?? "")
  }

  private static func egress(_ egress: Egress) -> [String] {
    var lines = ["egress:  # per GB", "  betweenSites: \(egress.betweenSites)"]
    if !egress.pairs.isEmpty { lines.append("  pairs:") }
    lines += egress.pairs.sorted { ($0.key.from, $0.key.to) < ($1.key.from, $1.key.to) }.map { pair, price in
      "    - {from: \(quoted(pair.from)), to: \(quoted(pair.to)), perGB: \(price)}"
    }
    return lines
  }

  /// `{vcpus: 4.0}`; nil where there is none.
  private static func fields(_ fields: [(String, Double?)]) -> String? {
    let present = fields.compactMap { name, value in value.map { "\(name): \($0)" } }
    return present.isEmpty ? nil : "{\(present.joined(separator: ", "))}"
  }

  /// In double quotes a name can't be taken for a number, a truth value or the like (YAML 1.1).
  private static func quoted(_ name: String) -> String {
    "\"" + name.replacingScalars { $0 == "\\" || $0 == "\"" ? "\\\($0)" : nil } + "\""
  }
}
