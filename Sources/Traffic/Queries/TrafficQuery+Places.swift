public import Model

extension TrafficQuery {
  /// Endpoints by where they are: of a VM that moved within a period, both hosts count.
  public struct Places: Hashable, Sendable {
    /// Wherever they are.
    public var endpoints: Set<Endpoint>
    /// VMs that are there in the period in question.
    public var hosts: Set<String>

    public init(endpoints: Set<Endpoint> = [], hosts: Set<String> = []) {
      self.endpoints = endpoints
      self.hosts = hosts
    }

    /// All endpoints that are there in a period.
    func endpoints(in traffic: GlobalPeriod) -> Set<Endpoint> {
      guard !hosts.isEmpty else { return endpoints }
      let there = traffic.vms.lazy.filter { !hosts.isDisjoint(with: $0.hosts) }
      return endpoints.union(there.map { .name($0.facts.name) })
    }

    /// Names that none of the periods knows, sorted.
    func unseen(in periods: some Sequence<GlobalPeriod>) -> [String] {
      var vms = Set(endpoints.compactMap { if case .name(let name) = $0 { name } else { nil } })
      var hosts = hosts
      for traffic in periods where !(vms.isEmpty && hosts.isEmpty) {
        vms = vms.filter { !traffic.hasVM(named: $0) }
        hosts.subtract(traffic.hosts)
        hosts.subtract(traffic.missingHosts)
      }
      return vms.union(hosts).sorted()
    }
  }

  /// The ends of which a row must have one; nil: any will do.
  func chosen(in traffic: GlobalPeriod) -> Set<Endpoint>? {
    guard let there = places?.endpoints(in: traffic) else { return endpoints }
    return endpoints.map { $0.intersection(there) } ?? there
  }
}

extension GlobalPeriod {
  /// By halving: VMs are sorted by name.
  fileprivate func hasVM(named name: String) -> Bool {
    var (low, high) = (0, vms.count)
    while low < high {
      let middle = (low + high) / 2
      if vms[middle].facts.name < name { low = middle + 1 } else { high = middle }
    }
    return low < vms.count && vms[low].facts.name == name
  }
}
