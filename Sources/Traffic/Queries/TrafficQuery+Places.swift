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
      return endpoints.union(traffic.vms.names(at: hosts))
    }

    /// Names that none of the periods knows, sorted.
    func unseen(in periods: some Sequence<GlobalPeriod>) -> [String] {
      var vms = Set(endpoints.compactMap { if case .name(let name) = $0 { name } else { nil } })
      var hosts = hosts
      for traffic in periods where !(vms.isEmpty && hosts.isEmpty) {
        vms = vms.filter { !traffic.vms.contains(named: $0) }
        hosts.subtract(traffic.hosts)
        hosts.subtract(traffic.missingHosts)
      }
      return vms.union(hosts).sorted()
    }
  }

  /// The ends of which a row must have one; nil: any will do.
  package func chosen(in traffic: GlobalPeriod) -> Set<Endpoint>? {
    guard let places else { return endpoints }
    return both(places.endpoints(in: traffic))
  }

  /// Those of any period, where it doesn't matter which VMs were where.
  var fixedChoice: Set<Endpoint>? {
    guard let places else { return endpoints }
    return both(places.endpoints)
  }

  private func both(_ there: Set<Endpoint>) -> Set<Endpoint> { endpoints.map { $0.intersection(there) } ?? there }
}
