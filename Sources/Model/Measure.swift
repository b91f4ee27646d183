/// What the traffic between two VMs is weighed by.
public enum Measure: String, CaseIterable, Hashable, Sendable {
  /// IP packets as on the wire.
  case messages
  /// IP bytes.
  case bytes
}

extension TrafficMatrix.Row {
  /// The row's figure by that measure.
  public func weight(by measure: Measure) -> Double {
    switch measure {
    case .messages: packets
    case .bytes: ipBytes
    }
  }
}
