import Model

/// Each VM is on a host that can run it, by CPU model and QEMU version.
struct Compatible: PlacementConstraint {
  func violations(of evaluation: PlacementEvaluation, in instance: PlacementInstance) -> [PlacementViolation] {
    evaluation.placement.enumerated().compactMap { vm, host in
      instance.incompatibility(of: vm, on: host).map {
        .incompatible(vm: instance.vms[vm].name, host: instance.hosts[host].name, $0)
      }
    }
  }
}
