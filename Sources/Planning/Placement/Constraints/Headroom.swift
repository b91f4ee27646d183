import Model

/// A share of a host stays free. What is more than the whole host is `HostCapacity`'s.
struct Headroom: PlacementConstraint {
  let host: Int

  func violations(of evaluation: PlacementEvaluation, in instance: PlacementInstance) -> [PlacementViolation] {
    let (room, use) = (instance.rooms[host], evaluation.hostUse[host])
    let host = instance.hosts[host]
    var violations: [PlacementViolation] = []
    if exceeds(use.vcpus, room.vcpus), !exceeds(use.vcpus, host.vcpus) {
      violations.append(.headroomVCPUs(host: host.name, used: use.vcpus, limit: room.vcpus))
    }
    if let memory = host.memoryGiB, exceeds(use.memoryGiB, room.memoryGiB), !exceeds(use.memoryGiB, memory) {
      violations.append(.headroomMemory(host: host.name, usedGiB: use.memoryGiB, limitGiB: room.memoryGiB))
    }
    return violations
  }
}
