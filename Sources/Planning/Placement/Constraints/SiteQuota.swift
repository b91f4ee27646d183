import Model

/// What the application may use of a site in all: VMs, vCPUs, memory, and vCPUs over the remaining run.
struct SiteQuota: PlacementConstraint {
  let site: Int

  func violations(of evaluation: PlacementEvaluation, in instance: PlacementInstance) -> [PlacementViolation] {
    let (site, use) = (instance.sites[site], evaluation.siteUse[site])
    var violations: [PlacementViolation] = []
    if let limit = site.quota.vms, use.vms > limit {
      violations.append(.quotaVMs(site: site.name, used: use.vms, limit: limit))
    }
    if let limit = site.quota.vcpus, exceeds(use.vcpus, limit) {
      violations.append(.quotaVCPUs(site: site.name, used: use.vcpus, limit: limit))
    }
    if let limit = site.quota.memoryGiB, exceeds(use.memoryGiB, limit) {
      violations.append(.quotaMemory(site: site.name, usedGiB: use.memoryGiB, limitGiB: limit))
    }
    let hours = use.vcpus * evaluation.chargedSeconds / 3600
    if let limit = site.quota.vcpuHours, exceeds(hours, limit) {
      violations.append(.quotaVCPUHours(site: site.name, used: hours, limit: limit))
    }
    return violations
  }
}
