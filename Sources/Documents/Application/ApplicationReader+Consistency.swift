internal import Model

extension ApplicationReader {
  /// Tells what no placement can satisfy, as far as the documents alone show it.
  func checkConsistency(of application: Application, log: DiagnosticLog) {
    checkHosts(of: application, log: log)
    checkSites(of: application, log: log)
    checkSizes(of: application, log: log)
    if log.errors == 0 { checkPlacement(of: application, log: log) }
  }

  /// VMs that fit on no host, even alone.
  private func checkSizes(of application: Application, log: DiagnosticLog) {
    let hosts = federation?.sites.flatMap(\.hosts) ?? []
    guard let vcpus = hosts.map(\.vcpus).max(), let memory = hosts.map({ $0.memoryGiB ?? .infinity }).max() else {
      return
    }
    let fits = { (need: Double, room: Double) in need <= room * (1 + 1e-9) }
    let sizes = Set(hosts.map { Size(vcpus: $0.vcpus, memoryGiB: $0.memoryGiB ?? .infinity) })
    for (index, vm) in application.vms.enumerated()
    where !sizes.contains(where: { fits(vm.vcpus, $0.vcpus) && fits(vm.memoryGiB, $0.memoryGiB) }) {
      let most = "\(shortest(vcpus)) vCPUs" + (memory.isFinite ? " and \(shortest(memory)) GiB" : "")
      log.error(
        at: vmPositions[index],
        "vms[\(index)]: \(quoted(vm.name)) takes \(shortest(vm.vcpus)) vCPU\(vm.vcpus == 1 ? "" : "s") and \(shortest(vm.memoryGiB)) GiB, "
          + "which no host of the federation has",
        hint: "the most that hosts have is \(most)")
    }
  }

  private struct Size: Hashable {
    var vcpus: Double
    var memoryGiB: Double
  }

  private func shortest(_ figure: Double) -> String { Int(exactly: figure).map(String.init) ?? "\(figure)" }

  private func checkHosts(of application: Application, log: DiagnosticLog) {
    let unplaced = application.vms.indices.filter { application.vms[$0].host == nil }
    guard let first = unplaced.first, unplaced.count < application.vms.count else { return }
    let placed = application.vms.count - unplaced.count
    log.error(
      at: vmPositions[first],
      "vms[\(first)]: \(quoted(application.vms[first].name)) has no host, but \(placed == 1 ? "one VM has" : "\(placed) VMs have")",
      hint: "either all VMs have a host (they run) or none has (they are to be placed)")
  }
}
