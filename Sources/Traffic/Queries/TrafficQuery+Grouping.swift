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

    /// Of endpoints that are in something in a period.
    ///
    /// Nobody knows what of its traffic a VM had at which host, if it moved within the period: each of its hosts counts
    /// the same part of it, so that sums stay what they are.
    func parts(in traffic: GlobalPeriod) -> [Endpoint: [Part]] {
      switch self {
      case .asCounted: return [:]
      case .applications(let names): return names.mapValues { [Part(name: .name($0), share: 1)] }
      case .hosts: return Self.parts(of: traffic.vms) { .name($0) }
      case .sites(let sites, let endpoints):
        let fixed = endpoints.mapValues { [Part(name: .name($0), share: 1)] }
        return Self.parts(of: traffic.vms) { sites[$0].map(Endpoint.name) }.merging(fixed) { vm, _ in vm }
      }
    }

    private static func parts(
      of vms: PeriodVMs, at place: (_ host: String) -> Endpoint?
    ) -> [Endpoint: [Part]] {
      var all: [Endpoint: [Part]] = [:]
      for vm in vms where !vm.hosts.isEmpty {
        let endpoint = Endpoint.name(vm.facts.name)
        let share = 1 / Double(vm.hosts.count)
        var parts: [Part] = []
        for host in vm.hosts {
          let name = place(host) ?? endpoint
          if let index = parts.firstIndex(where: { $0.name == name }) {
            parts[index].share += share
          } else {
            parts.append(Part(name: name, share: share))
          }
        }
        all[endpoint] = parts
      }
      return all
    }
  }
}
