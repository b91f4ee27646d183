import Model

/// No VM is on a host that is drained, by itself or with its site.
struct Drained: PlacementConstraint {
  let host: Int

  func violations(of evaluation: PlacementEvaluation, in instance: PlacementInstance) -> [PlacementViolation] {
    let there = instance.vms.indices.filter { evaluation.placement[$0] == host }
    if there.isEmpty { return [] }
    return [.drained(host: instance.hosts[host].name, vms: there.map { instance.vms[$0].name })]
  }
}
