import Model

/// A VM is never on any of these sites.
struct Ban: PlacementConstraint {
  let vm: Int
  let sites: [Int]

  func violations(of evaluation: PlacementEvaluation, in instance: PlacementInstance) -> [PlacementViolation] {
    let site = instance.site(of: vm, in: evaluation.placement)
    return sites.contains(site) ? [.ban(vm: instance.vms[vm].name, site: instance.sites[site].name)] : []
  }
}
