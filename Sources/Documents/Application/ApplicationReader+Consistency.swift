internal import Model

extension ApplicationReader {
  /// Tells what no placement can satisfy, as far as the documents alone show it.
  func checkConsistency(of application: Application, log: DiagnosticLog) {
    checkHosts(of: application, log: log)
    checkSites(of: application, log: log)
    checkSizes(of: application, log: log)
    if log.errors == 0 { checkPlacement(of: application, log: log) }
  }

  private func checkHosts(of application: Application, log: DiagnosticLog) {
    let unplaced = application.vms.indices.filter { application.vms[$0].host == nil }
    guard let first = unplaced.first, unplaced.count < application.vms.count else { return }
    let placed = application.vms.count - unplaced.count
    let others = placed == 1 ? "one VM has" : "\(placed) VMs have"
    log.error(
      at: vmPositions[first],
      "vms[\(first)]: \(quoted(application.vms[first].name)) has no host, but \(others)",
      hint: "either all VMs have a host (they run) or none has (they are to be placed)")
  }
}
