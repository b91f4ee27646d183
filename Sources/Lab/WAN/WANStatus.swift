/// The state of the WAN, for people and programs.
package struct WANStatus: Codable, Hashable, Sendable {
  package var sites: [String]
  package var pairs: [Direction]
  package var lateness: Late
  package var relay: Relay

  package init(sites: [String], pairs: [Direction], lateness: Late, relay: Relay) {
    self.sites = sites
    self.pairs = pairs
    self.lateness = lateness
    self.relay = relay
  }

  /// One direction between two sites.
  package struct Direction: Codable, Hashable, Sendable {
    package var from: String
    package var to: String
    package var cut: Bool
    /// One way.
    package var latencyMs: Double
    /// Null: unlimited.
    package var bandwidthMbps: Double?
    /// Delivered so far.
    package var packets: UInt64
    package var bytes: UInt64
    package var inFlight: Int
    /// That would have waited too long for the line.
    package var droppedByQueue: UInt64
    package var droppedByCut: UInt64
  }

  /// How much later than due packets were delivered, since the start or the last `measure`.
  package struct Late: Codable, Hashable, Sendable {
    package var packets: UInt64
    package var p50Ms: Double
    package var p99Ms: Double
    package var maxMs: Double
    /// Measurements are good only while p99 is at most 1 ms.
    package var good: Bool
  }

  /// The relay itself, and what it lost.
  package struct Relay: Codable, Hashable, Sendable {
    /// Runs before ordinary processes; false: the kernel refused.
    package var realTime: Bool
    /// Packets for which no site was known.
    package var unroutable: UInt64
    /// Packets for which no buffer was left.
    package var droppedByBuffers: UInt64
    /// Packets that the receiving router refused.
    package var refused: UInt64
  }
}
