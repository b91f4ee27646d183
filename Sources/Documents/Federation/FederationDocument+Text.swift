public import Model

extension FederationDocument {
  /// The federation as a `federation.yaml` that an operator can edit; what is at its default is left out.
  public static func text(of federation: Federation) -> String {
    var lines = ["sites:"]
    for site in federation.sites {
      lines.append("  - name: \(quoted(site.name))")
      if let kind = site.kind { lines.append("    kind: \(kind.rawValue)") }
      if let end = site.availableUntil { lines.append("    availableUntil: \(end)") }
      if !site.windows.isEmpty { lines.append("    windows: [\(site.windows.map(text).joined(separator: ", "))]") }
      let quota = [
        ("vcpus", site.quota.vcpus), ("memoryGiB", site.quota.memoryGiB), ("vcpuHours", site.quota.vcpuHours),
        ("vms", site.quota.vms.map(Double.init)),
      ]
      if let fields = fields(quota) { lines.append("    quota: \(fields)") }
      let price = [
        ("vmHour", site.price.vmHour), ("vcpuHour", site.price.vcpuHour), ("memoryGiBHour", site.price.memoryGiBHour),
      ]
      if let fields = fields(price.map { ($0, $1 == 0 ? nil : $1) }) { lines.append("    price: \(fields)") }
      if !site.jurisdictions.isEmpty { lines.append("    jurisdictions: \(list(site.jurisdictions))") }
      if site.headroom > 0 { lines.append("    headroom: \(site.headroom)") }
      if site.isDrained { lines.append("    drain: true") }
      if !site.hosts.isEmpty { lines.append("    hosts:") }
      lines += site.hosts.map { host in
        let fields = fields([
          ("vcpus", host.vcpus), ("memoryGiB", host.memoryGiB), ("speed", host.speed == 1 ? nil : host.speed),
          ("watts", host.watts == 1 ? nil : host.watts), ("headroom", host.headroom),
        ])
        let more = [
          host.isDrained ? "drain: true" : nil, host.cpuModel.map { "cpuModel: \(quoted($0))" },
          host.qemuVersion.map { "qemuVersion: \($0)" },
        ].compactMap(\.self).map { ", \($0)" }.joined()
        return "      - {name: \(quoted(host.name)), \((fields ?? "{").dropFirst().dropLast())\(more)}"
      }
    }
    lines += links(federation.links)
    lines += egress(federation.egress)
    if !federation.cpuModels.isEmpty { lines.append("cpuModels:") }
    lines += federation.cpuModels.map { "  - {name: \(quoted($0.name)), runs: \(list($0.runs))}" }
    if !federation.owners.isEmpty { lines.append("owners:") }
    lines += federation.owners.map { "  - {name: \(quoted($0.name)), shares: \($0.shares)}" }
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

  private static func text(_ window: TimeWindow) -> String {
    let ends = [window.from.map { "from: \($0)" }, window.until.map { "until: \($0)" }]
    return "{\(ends.compactMap(\.self).joined(separator: ", "))}"
  }

  private static func list(_ names: [String]) -> String { "[\(names.map(quoted).joined(separator: ", "))]" }

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
    "\"" + name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
