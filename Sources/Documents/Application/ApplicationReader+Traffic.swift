internal import Model

extension ApplicationReader {
  /// Tells which VMs the endpoints of a matrix leave out; where that is all, the two don't belong together.
  func checkTraffic(of application: Application, endpoints: [Endpoint], log: DiagnosticLog) {
    let silent = application.silentVMs(among: endpoints)
    guard let first = silent.first, !endpoints.isEmpty else { return }
    let names = silent.map { quoted(application.vms[$0].name) }
    let hint = "a matrix names VMs by name or by one of their addresses"
    if silent.count == application.vms.count {
      log.error(at: vmPositions[first], "vms: no row of the traffic matrix speaks of any of them", hint: hint)
    } else if silent.count == 1 {
      log.warning(
        at: vmPositions[first], "vms[\(first)]: no row of the traffic matrix speaks of \(names[0])", hint: hint)
    } else {
      let list = names.prefix(6).joined(separator: ", ") + (names.count > 6 ? ", …" : "")
      log.warning(
        at: vmPositions[first], "vms[\(first)]: no row of the traffic matrix speaks of \(names.count) VMs: \(list)",
        hint: hint)
    }
  }
}
