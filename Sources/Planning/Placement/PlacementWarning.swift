public import Model

/// What the reader of a plan should know about the figures that it stands on.
public enum PlacementWarning: Hashable, Sendable {
  /// The matrix has no waits: latency costs nothing.
  case noWaits
  /// Waits and link use fill these VMs' whole window (u ≥ 1): the speed of cores counts for nothing.
  ///
  /// `waiting` is the least and the largest u of them, seconds per second; `of` counts all VMs.
  case neverCompute(vms: [String], of: Int, waiting: ClosedRange<Double>)
  /// Endpoints of the matrix left out because no file knows them.
  case ignoredEndpoints([Endpoint])
  /// VMs that no row of the matrix speaks of; `of` counts all VMs.
  case silentVMs([String], of: Int)
  /// A VM that another manager has, on a host that is to be left.
  case keptAtDrained(vm: String, host: String, manager: String)
  /// What makes it doubtful when the run ends; a sentence.
  case run(String)
}

extension PlacementWarning: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noWaits: "the traffic matrix has no waits: latency costs nothing in this plan"
    case .neverCompute(let vms, let all, let waiting):
      "\(Self.subject(vms, of: all, "waits", "wait")) for messages and links \(Self.range(waiting)) s per second "
        + "of the window, which leaves no time to compute: the speed of cores counts for nothing to "
        + "\(vms.count == 1 ? "it" : "them"). Was the traffic counted at another placement than the present one, or "
        + "are the window or a latency wrong?"
    case .keptAtDrained(let vm, let host, let manager):
      "\(vm) stays on \(host), which is to be left (drain): \(manager) manages it, and has to move it from there"
    case .run(let sentence): "when the run ends: \(sentence)"
    case .ignoredEndpoints(let endpoints):
      "ignored: \(Words.count(endpoints.count, "endpoint")) of the matrix that the application doesn't list ("
        + "\(Words.list(endpoints.map(\.description))))"
    case .silentVMs(let vms, let all):
      "\(Self.subject(vms, of: all, "has", "have")) no row in the traffic matrix: placed as if silent"
    }
  }
  /// `VM x waits`, `2 of 8 VMs (x and y) wait`, `both VMs wait`, `all 8 VMs wait`.
  private static func subject(_ vms: [String], of all: Int, _ one: String, _ several: String) -> String {
    if vms.count == 1 { return "VM \(vms[0]) \(one)" }
    if vms.count == all { return "\(all == 2 ? "both" : "all \(all)") VMs \(several)" }
    return "\(vms.count) of \(all) VMs (\(Words.list(vms))) \(several)"
  }

  private static func range(_ waiting: ClosedRange<Double>) -> String {
    let (least, most) = (Words.number(waiting.lowerBound), Words.number(waiting.upperBound))
    return least == most ? least : "\(least) to \(most)"
  }
}
