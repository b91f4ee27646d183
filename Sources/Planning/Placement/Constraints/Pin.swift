import Model

/// A VM stays on one of these sites.
struct Pin: PlacementConstraint {
  let vm: Int
  let sites: [Int]

  func violations(of evaluation: PlacementEvaluation, in instance: PlacementInstance) -> [PlacementViolation] {
    let site = instance.site(of: vm, in: evaluation.placement)
    if sites.contains(site) { return [] }
    return [
      .pin(vm: instance.vms[vm].name, site: instance.sites[site].name, allowed: sites.map { instance.sites[$0].name })
    ]
  }
}
