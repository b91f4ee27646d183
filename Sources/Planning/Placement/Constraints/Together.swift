import Model

/// All on one site.
struct Together: PlacementConstraint {
  let vms: [Int]

  func violations(of evaluation: PlacementEvaluation, in instance: PlacementInstance) -> [PlacementViolation] {
    let sites = Set(vms.map { instance.site(of: $0, in: evaluation.placement) })
    if sites.count <= 1 { return [] }
    return [.together(vms: vms.map { instance.vms[$0].name }, sites: sites.sorted().map { instance.sites[$0].name })]
  }
}
