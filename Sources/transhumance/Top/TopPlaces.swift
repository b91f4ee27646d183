import Wire

/// Where VMs were in some periods.
struct TopPlaces {
  /// Names of all VMs.
  let vms: Set<String>
  /// Host of each VM that was at one alone.
  let hosts: [String: String]
  /// Site of each VM that was at one alone.
  let siteOfVM: [String: String]
  /// Site of each host, as far as it is known.
  let sites: [String: String]

  /// - Parameter sites: site of each host; empty where it isn't known.
  init(_ periods: [Transhumance_V1_PeriodSummary], sites: [String: String]) {
    var places: [String: Set<String>] = [:]
    for place in periods.flatMap(\.vms) { places[place.vm, default: []].formUnion(place.hosts) }
    let sites = sites.filter { !$0.value.isEmpty }
    vms = Set(places.keys)
    hosts = places.compactMapValues { $0.count == 1 ? $0.first : nil }
    siteOfVM = places.compactMapValues { hosts in
      let found = Set(hosts.map { sites[$0] })
      return found.count == 1 ? found.first.flatMap(\.self) : nil
    }
    self.sites = sites
  }
}
