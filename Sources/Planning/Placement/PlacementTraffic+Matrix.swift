import Model

extension PlacementTraffic {
  /// The rows of a matrix that concern VMs, per second of its window.
  ///
  /// Rows between two fixed endpoints, and of a machine to itself (by two of its addresses), are left out. Throws where
  /// endpoints are unknown, and where they are ignored and no row is left that speaks of a VM.
  static func read(
    _ matrix: TrafficMatrix, window: Double, names: PlacementNames, ignoreUnknown: Bool
  ) throws(PlacementError) -> (traffic: PlacementTraffic, warnings: [PlacementWarning]) {
    var flows = [[Int: Flow]](repeating: [:], count: names.vmCount)
    var unknown = Set<Endpoint>()
    var isSilent = [Bool](repeating: true, count: names.vmCount)
    for row in matrix.rows {
      try PlacementFigures.check(row.ipBytes, .traffic, "the bytes from \(row.source) to \(row.destination)")
      try PlacementFigures.check(row.waits, .traffic, "the waits from \(row.source) to \(row.destination)")
      let (source, destination) = (names.machine(row.source), names.machine(row.destination))
      if source == nil { unknown.insert(row.source) }
      if destination == nil { unknown.insert(row.destination) }
      for machine in [source, destination].compactMap({ $0 }) where machine < names.vmCount {
        isSilent[machine] = false
      }
      guard let source, let destination, source != destination else { continue }
      let (waits, bytes) = (matrix.hasWaits ? row.waits / window : 0, row.ipBytes / window)
      if source < names.vmCount {
        flows[source][destination, default: Flow()].waits += waits
        flows[source][destination, default: Flow()].bytesOut += bytes
      }
      if destination < names.vmCount {
        flows[destination][source, default: Flow()].waits += waits
        flows[destination][source, default: Flow()].bytesIn += bytes
      }
    }
    guard ignoreUnknown || unknown.isEmpty else { throw .unknownEndpoints(unknown.sorted()) }
    let silent = isSilent.indices.filter { isSilent[$0] }.map(names.vmName)
    if !unknown.isEmpty, silent.count == names.vmCount { throw .noTrafficOfVMs(ignored: unknown.sorted()) }
    var warnings: [PlacementWarning] = matrix.hasWaits ? [] : [.noWaits]
    if !unknown.isEmpty { warnings.append(.ignoredEndpoints(unknown.sorted())) }
    if !silent.isEmpty { warnings.append(.silentVMs(silent, of: names.vmCount)) }
    return (PlacementTraffic(flows: flows), warnings)
  }
}
