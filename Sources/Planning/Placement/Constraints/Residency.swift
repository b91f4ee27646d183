import Model

/// VMs stay on sites under one of these jurisdictions.
struct Residency: PlacementConstraint {
  let vms: [Int]
  let jurisdictions: [String]

  func allows(_ site: Site) -> Bool { site.jurisdictions.contains(where: jurisdictions.contains) }

  func violations(of evaluation: PlacementEvaluation, in instance: PlacementInstance) -> [PlacementViolation] {
    vms.compactMap { vm in
      let site = instance.sites[instance.site(of: vm, in: evaluation.placement)]
      if allows(site) { return nil }
      return .residency(vm: instance.vms[vm].name, site: site.name, allowed: jurisdictions)
    }
  }
}
