import Model

/// No VM is on a site that closes before the run ends.
struct Window: PlacementConstraint {
  let site: Int
  /// Seconds from now; negative where the site is closed.
  let closes: Double
  /// Where it is closed: when it opens again, seconds from now; nil: no more.
  let opens: Double?

  func violations(of evaluation: PlacementEvaluation, in instance: PlacementInstance) -> [PlacementViolation] {
    let ends = evaluation.endSeconds
    guard evaluation.siteUse[site].vms > 0, exceeds(ends, closes) else { return [] }
    if closes < 0, let opens { return [.notOpen(site: instance.sites[site].name, opens: opens)] }
    return [.window(site: instance.sites[site].name, closes: closes, ends: ends)]
  }
}
