import Model

/// No more than so many of these VMs on any one site.
struct Spread: PlacementConstraint {
  let vms: [Int]
  let most: Int

  func violations(of evaluation: PlacementEvaluation, in instance: PlacementInstance) -> [PlacementViolation] {
    let bySite = Dictionary(grouping: vms) { instance.site(of: $0, in: evaluation.placement) }
    return bySite.filter { $0.value.count > most }.sorted { $0.key < $1.key }.map { site, vms in
      .spread(vms: vms.map { instance.vms[$0].name }, site: instance.sites[site].name, limit: most)
    }
  }
}
