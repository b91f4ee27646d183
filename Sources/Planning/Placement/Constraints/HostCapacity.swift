import Model

/// A host's vCPUs and memory, without overcommit.
struct HostCapacity: PlacementConstraint {
  let host: Int

  func violations(of evaluation: PlacementEvaluation, in instance: PlacementInstance) -> [PlacementViolation] {
    let (host, use) = (instance.hosts[host], evaluation.hostUse[host])
    var violations: [PlacementViolation] = []
    if exceeds(use.vcpus, host.vcpus) {
      violations.append(.hostVCPUs(host: host.name, used: use.vcpus, limit: host.vcpus))
    }
    if let limit = host.memoryGiB, exceeds(use.memoryGiB, limit) {
      violations.append(.hostMemory(host: host.name, usedGiB: use.memoryGiB, limitGiB: limit))
    }
    return violations
  }
}
