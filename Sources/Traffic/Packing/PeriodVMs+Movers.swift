internal import Model

extension PeriodVMs {
  /// VMs that are not at the same hosts in each of some other periods, or are not in each of them.
  func movers(to others: [PeriodVMs]) -> Set<Endpoint> {
    var movers = Set<Endpoint>()
    var last = self
    // Most periods have the VMs of the one before.
    for vms in others where !vms.isPlaced(like: last) {
      var missing = Set(indices)
      for vm in vms {
        if let index = index(named: vm.facts.name), self[index].hosts == vm.hosts {
          missing.remove(index)
        } else {
          movers.insert(.name(vm.facts.name))
        }
      }
      movers.formUnion(missing.map { .name(self[$0].facts.name) })
      last = vms
    }
    return movers
  }
}
