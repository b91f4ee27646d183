public import Model

extension TrafficQuery {
  /// What rows are between. Endpoints that are in none of those stay what they are.
  public enum Grouping: Hashable, Sendable {
    /// Endpoints as they were counted.
    case asCounted
    /// Hosts of VMs, in the period in question.
    case hosts
    /// Sites: of each host, for its VMs, and of endpoints that are no VMs.
    case sites(ofHosts: [String: String], ofEndpoints: [Endpoint: String])
    /// Applications, of each endpoint.
    case applications([Endpoint: String])

    /// What a part of an endpoint's traffic counts to.
    struct Part {
      var name: Endpoint
      /// 0 … 1; those of an endpoint add up to 1.
      var share: Double
    }

    /// Whether it matters where VMs were.
    var isOfPlaces: Bool {
      switch self {
      case .asCounted, .applications: false
      case .hosts, .sites: true
      }
    }

    /// Of endpoints that are in something in a period.
    func parts(in traffic: GlobalPeriod) -> [Endpoint: [Part]] {
      guard isOfPlaces else { return fixedParts }
      let own = traffic.vms.map { (Endpoint.name($0.facts.name), parts(of: $0)) }
      return fixedParts.merging(own) { _, vm in vm }
    }

    /// Of some endpoints that may be VMs.
    func parts(of endpoints: Set<Endpoint>, in traffic: GlobalPeriod) -> [Endpoint: [Part]] {
      var all: [Endpoint: [Part]] = [:]
      for case .name(let name) in endpoints {
        all[.name(name)] = traffic.vms.named(name).map(parts) ?? fixedParts(of: .name(name))
      }
      return all
    }

    private var fixedParts: [Endpoint: [Part]] {
      switch self {
      case .asCounted, .hosts: [:]
      case .sites(_, let names), .applications(let names): names.mapValues { [Part(name: .name($0), share: 1)] }
      }
    }

    private func fixedParts(of endpoint: Endpoint) -> [Part]? {
      switch self {
      case .asCounted, .hosts: nil
      case .sites(_, let names), .applications(let names): names[endpoint].map { [Part(name: .name($0), share: 1)] }
      }
    }

    /// Nobody knows what of its traffic a VM had at which host, if it moved within the period: each of its hosts counts
    /// the same part of it, so that sums stay what they are.
    private func parts(of vm: GlobalPeriod.VM) -> [Part] {
      let endpoint = Endpoint.name(vm.facts.name)
      let share = 1 / Double(max(1, vm.hosts.count))
      var parts: [Part] = []
      for name in vm.hosts.isEmpty ? [endpoint] : vm.hosts.map({ place($0) ?? endpoint }) {
        if let index = parts.firstIndex(where: { $0.name == name }) {
          parts[index].share += share
        } else {
          parts.append(Part(name: name, share: share))
        }
      }
      return parts
    }

    private func place(_ host: String) -> Endpoint? {
      switch self {
      case .asCounted, .applications: nil
      case .hosts: .name(host)
      case .sites(let sites, _): sites[host].map(Endpoint.name)
      }
    }

    /// VMs that were not at the same hosts in all of the periods, or not in all of them.
    func unsettled(in periods: [GlobalPeriod]) -> Set<Endpoint> {
      guard isOfPlaces, let first = periods.first else { return [] }
      return first.vms.movers(to: periods.dropFirst().map(\.vms))
    }
  }
}
