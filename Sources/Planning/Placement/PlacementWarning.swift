public import Model

/// What the reader of a plan should know about the figures that it stands on.
public enum PlacementWarning: Hashable, Sendable {
  /// The matrix has no waits: latency costs nothing.
  case noWaits
  /// Waits and link use fill this VM's whole window (u ≥ 1): the speed of cores counts for nothing.
  case neverComputes(vm: String, waiting: Double)
  /// Endpoints of the matrix left out because no file knows them.
  case ignoredEndpoints([Endpoint])
}

extension PlacementWarning: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noWaits: "the traffic matrix has no waits: latency costs nothing in this plan"
    case .neverComputes(let vm, let waiting):
      "VM ‘\(vm)’ waits \(Words.number(waiting)) s per second by the matrix: the speed of cores counts for nothing to it"
    case .ignoredEndpoints(let endpoints):
      "ignored: \(endpoints.count) endpoints of the matrix that the application doesn't list, such as \(endpoints[0])"
    }
  }
}
