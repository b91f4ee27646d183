extension Application {
  /// Those endpoints of a matrix that are neither a VM's nor a fixed endpoint's name or address.
  package func unlisted(among endpoints: [Endpoint]) -> [Endpoint] {
    var known = Set<Endpoint>()
    for vm in vms { known.formUnion(Endpoint.all(named: vm.name, addresses: vm.addresses)) }
    for endpoint in self.endpoints {
      known.formUnion(Endpoint.all(named: endpoint.name, addresses: endpoint.addresses))
    }
    return endpoints.filter { !known.contains($0) }
  }

  /// Indices of the VMs that no endpoint of a matrix names.
  package func silentVMs(among endpoints: [Endpoint]) -> [Int] {
    let named = Set(endpoints)
    return vms.indices.filter {
      named.isDisjoint(with: Endpoint.all(named: vms[$0].name, addresses: vms[$0].addresses))
    }
  }
}
