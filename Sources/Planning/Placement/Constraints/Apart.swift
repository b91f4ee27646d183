import Model

/// No two on one host.
struct Apart: PlacementConstraint {
  let vms: [Int]

  func violations(of evaluation: PlacementEvaluation, in instance: PlacementInstance) -> [PlacementViolation] {
    let byHost = Dictionary(grouping: vms) { evaluation.placement[$0] }
    return byHost.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }.map { host, vms in
      .apart(vms: vms.map { instance.vms[$0].name }, host: instance.hosts[host].name)
    }
  }
}
