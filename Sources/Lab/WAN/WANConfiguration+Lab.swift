package import Model

extension WANConfiguration {
  /// The WAN of a lab: each site has its underlay 10.99.S.0/24 and the machines behind its router.
  ///
  /// - Parameter namespace: the file of the network namespace of a site's router, by the site's name
  package init(_ lab: LabDescription, namespace: (String) -> String) {
    let names = lab.federation.sites.map(\.name)
    sites = names.enumerated().map { index, name in
      let underlay = LabDescription.underlay(site: index + 1, host: 0)
      // A machine on the LAN may hold an address that a guest has too: others don't reach it through the router.
      let machines = lab.machines.filter { $0.site == name && !$0.isOnLAN }
      return Site(
        name: name, namespace: namespace(name),
        prefixes: ["\(underlay)/24"] + machines.map { "\($0.address)/\($0.address.bits)" })
    }
    lines = names.enumerated().flatMap { index, first in
      names[(index + 1)...].map { second in
        let link = lab.federation.links.between(first, second)
        return Line(between: [first, second], latencyMs: link.latencyMs, bandwidthMbps: link.bandwidthMbps)
      }
    }
  }
}
