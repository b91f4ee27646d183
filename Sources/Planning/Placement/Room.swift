package import Model

/// What a placement may fill of a host.
public struct Room: Hashable, Sendable {
  public let vcpus: Double
  /// Infinite where there is no limit.
  public let memoryGiB: Double
}

extension Site {
  /// Of a host of this site, less its headroom; what drained ones have counts too.
  package func room(of host: Host) -> Room {
    let share = 1 - (host.headroom ?? headroom)
    return Room(vcpus: host.vcpus * share, memoryGiB: host.memoryGiB.map { $0 * share } ?? .infinity)
  }
}
