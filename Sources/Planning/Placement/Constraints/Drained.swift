import Model

/// No VM is on a host that is drained, by itself or with its site; but those there that another manager moves.
struct Drained: PlacementConstraint {
  let host: Int

  func violations(of evaluation: PlacementEvaluation, in instance: PlacementInstance) -> [PlacementViolation] {
    if evaluation.hostUse[host].vms == 0 { return [] }
    let there = instance.vms.indices.filter { evaluation.placement[$0] == host && !instance.isKept($0, at: host) }
    if there.isEmpty { return [] }
    return [.drained(host: instance.hosts[host].name, vms: there.map { instance.vms[$0].name })]
  }
}
